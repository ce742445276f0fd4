// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.Unanswered;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client's locks in several independent servers. Thread-safe. */
final class RedlockBackend implements LockBackend {
    private final RedlockNodes nodes;
    private final RedisOptions options;
    private final RedlockOptions quorumOptions;
    private volatile @Nullable Running running; // set once, by start

    RedlockBackend(RedlockNodes nodes, RedisOptions options, RedlockOptions quorumOptions) {
        this.nodes = nodes;
        this.options = options;
        this.quorumOptions = quorumOptions;
    }

    @Override
    public void start(BackendContext context) {
        running = new Running(context, new RedlockLeftovers(context, nodes));
    }

    @Override
    public Set<Capability> capabilities() {
        return RedisOptions.Variant.REDLOCK.capabilities();
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        requireLease(request.lease());
        Running now = running();
        return new RedlockContender(nodes, quorumOptions, now.context(), now.leftovers(), request, options.poll());
    }

    @Override
    public void requireLease(Duration lease) {
        quorumOptions.require(lease);
    }

    /** Done when every node has blocked the id. A node that is down does not keep it undone for ever. */
    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        return Unanswered.orElse(ReleaseOutcome.UNKNOWN, () -> {
            var tally = new RedlockTally(nodes.quorum());
            var answers = new RedlockAnswers();
            nodes.ask(
                    nodes.timeout(request),
                    (node, left) -> node.undo(request, owner, left),
                    answers,
                    (node, outcome) -> tally.answered(true),
                    node -> tally.failed());
            answers.await(tally::isComplete, nodes.timeout(request));
            return answers.read(() -> outcome(tally));
        });
    }

    private static ReleaseOutcome outcome(RedlockTally undone) {
        if (undone.isAnsweredByAll()) {
            return ReleaseOutcome.RELEASED;
        }
        return undone.isAnsweredByMajority() ? ReleaseOutcome.NOT_HELD : ReleaseOutcome.UNKNOWN;
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        String what = "holder of lock '" + name + "'";
        return Unanswered.orThrow(what, () -> {
            var holder = new RedlockHolder(nodes.quorum());
            var answers = new RedlockAnswers();
            nodes.ask(
                    nodes.nodeTimeout(),
                    (node, left) -> node.entry(name, left),
                    answers,
                    (node, entry) -> holder.answered(entry),
                    node -> holder.failed());
            answers.await(holder::isDecided, nodes.nodeTimeout());
            requireAnswered(what, answers.read(holder::isAnswered));
            return answers.read(holder::holder);
        });
    }

    /** Where a majority answers, and any of it knows the token, what is left of the grant is no majority, or soon none. */
    @Override
    public boolean forceRelease(String name, long fencingToken) {
        String what = "forceRelease of lock '" + name + "'";
        return Unanswered.orThrow(what, () -> {
            var tally = new RedlockTally(nodes.quorum());
            var answers = new RedlockAnswers();
            nodes.ask(
                    nodes.nodeTimeout(),
                    (node, left) -> node.forceRelease(name, fencingToken),
                    answers,
                    (node, released) -> tally.answered(released),
                    node -> tally.failed());
            answers.await(tally::isComplete, nodes.nodeTimeout());
            requireAnswered(what, answers.read(tally::isAnsweredByMajority));
            return answers.read(tally::hasYes);
        });
    }

    @Override
    public List<Finding> diagnose() {
        return Unanswered.orThrow("diagnosis", () -> new RedlockDiagnosis(nodes, options, quorumOptions).run());
    }

    private void requireAnswered(String what, boolean byMajority) {
        if (!byMajority) {
            throw new LockBackendException(
                    what + " failed: fewer than " + nodes.quorum().majority() + " of the redis nodes "
                            + nodes.addresses() + " answered within "
                            + nodes.nodeTimeout().toMillis() + " ms",
                    null,
                    true);
        }
    }

    @Override
    public void close() {
        Running now = running;
        if (now != null) {
            now.leftovers().close();
        }
        nodes.close();
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now;
    }

    /** What there is from the start on. */
    private record Running(BackendContext context, RedlockLeftovers leftovers) {}
}
