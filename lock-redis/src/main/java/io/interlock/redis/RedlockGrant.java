// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.LeasedGrant;
import io.interlock.spi.LockRequest;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;

/** A lease that a majority of the nodes granted and confirmed. Thread-safe. */
final class RedlockGrant extends LeasedGrant {
    private final RedlockNodes nodes;
    private final RedlockOptions options;
    private final BackendContext context;
    private final RedlockLeftovers leftovers;
    private final RedlockAttempt attempt;

    RedlockGrant(
            RedlockNodes nodes,
            RedlockOptions options,
            BackendContext context,
            RedlockLeftovers leftovers,
            RedlockAttempt attempt,
            long validUntil) {
        super(context, attempt.owner(), attempt.token(), validUntil);
        this.nodes = nodes;
        this.options = options;
        this.context = context;
        this.leftovers = leftovers;
        this.attempt = attempt;
    }

    @Override
    protected RenewOutcome renewInStore(Duration lease, long validBefore) throws InterruptedException {
        options.require(lease);
        attempt.willLast(lease);
        var renewal = new RedlockRenewal(nodes.quorum(), validBefore);
        var answers = new RedlockAnswers();
        Duration timeout = Durations.atMost(nodes.timeout(request()), lease.dividedBy(3));
        nodes.ask(
                timeout,
                (node, left) -> node.renew(request(), owner(), lease, left),
                answers,
                (node, answer) -> renewal.answered(node, answer, context.nanoTime()),
                renewal::failed);
        answers.await(renewal::isDecided, timeout);
        answers.take(renewal::timeIsUp);
        return switch (answers.read(renewal::verdict)) {
            case RENEWED -> RenewOutcome.RENEWED;
            case LOST -> {
                // a minority may still have it, and would refuse others for the rest of the lease
                leftovers.giveBack(attempt);
                yield lost(answers.read(renewal::reason));
            }
            case OPEN, UNKNOWN -> RenewOutcome.UNKNOWN;
        };
    }

    /** Done when a majority has answered; nodes that did not are asked again in the background. */
    @Override
    protected ReleaseOutcome releaseInStore() throws InterruptedException {
        var release = new RedlockRelease(nodes.quorum());
        var answers = new RedlockAnswers();
        for (var node : nodes.all()) {
            int index = node.index();
            leftovers.giveBack(attempt, index, outcome -> answers.take(() -> release.answered(index, outcome)));
        }
        answers.await(release::isDecided, nodes.timeout(request()));
        return answers.read(release::outcome);
    }

    private LockRequest request() {
        return attempt.request();
    }
}
