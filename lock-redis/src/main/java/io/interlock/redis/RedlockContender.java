// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.redis.RedlockBallot.Verdict;
import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.Validity;
import java.time.Duration;

/** One acquisition: attempts at random times. */
final class RedlockContender implements Contender {
    private static final Duration SHORTEST_RETRY = Duration.ofMillis(1);

    private final RedlockNodes nodes;
    private final RedlockOptions options;
    private final BackendContext context;
    private final RedlockLeftovers leftovers;
    private final LockRequest request;
    private final Duration poll;

    RedlockContender(
            RedlockNodes nodes,
            RedlockOptions options,
            BackendContext context,
            RedlockLeftovers leftovers,
            LockRequest request,
            Duration poll) {
        this.nodes = nodes;
        this.options = options;
        this.context = context;
        this.leftovers = leftovers;
        this.request = request;
        this.poll = poll;
    }

    @Override
    public Attempt attempt(OwnerId owner) throws InterruptedException {
        long validUntil = Validity.end(context.nanoTime(), request.lease());
        var attempt = new RedlockAttempt(nodes, request, owner, validUntil, context::nanoTime);
        Verdict verdict = attempt.run();
        return switch (verdict) {
            // one whose lease is used up is the engine's to undo
            case GRANTED, SPENT ->
                new Attempt.Granted(new RedlockGrant(nodes, options, context, leftovers, attempt, validUntil));
            case REFUSED -> refused(attempt);
            case UNAVAILABLE -> throw attempt.unavailable();
            case OPEN, CONFIRM -> throw new IllegalStateException("undecided: " + verdict);
        };
    }

    private Attempt refused(RedlockAttempt attempt) {
        boolean split = attempt.hasVotes();
        leftovers.giveBack(attempt);
        return new Attempt.Refused(split ? afterSplitVotes() : afterRefusal(), attempt.holder());
    }

    /** Perhaps nobody holds it: soon, but several contenders that have shared the votes must not meet again. */
    private Duration afterSplitVotes() {
        return Durations.between(SHORTEST_RETRY, poll.plus(SHORTEST_RETRY), context.random());
    }

    private Duration afterRefusal() {
        Duration half = poll.dividedBy(2);
        return Durations.between(half, poll.plus(half), context.random());
    }

    @Override
    public void close() {}
}
