// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Gives an attempt's part back at one node, and asks a node that does not answer again until a lease has passed: by then
 * the node has nothing of it any more. Thread-safe.
 *
 * <p>A majority decides what becomes of a lock, and nobody waits for the rest; but the rest would refuse others for a lease.
 */
final class RedlockLeftovers implements AutoCloseable {
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);
    private static final Duration MAX_DELAY = Duration.ofSeconds(5);

    /** A node that is down for long must not fill the heap. */
    private static final int MAX_PENDING = 10_000;

    private final BackendContext context;
    private final RedlockNodes nodes;
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean closed;

    RedlockLeftovers(BackendContext context, RedlockNodes nodes) {
        this.context = context;
        this.nodes = nodes;
    }

    /** Where an attempt that was not granted may have left something. */
    void giveBack(RedlockAttempt attempt) {
        attempt.mayHold().forEach(node -> giveBack(attempt, node, outcome -> {}));
    }

    /** At one node, when its vote is in; the listener hears the first answer, or that there was none. */
    void giveBack(RedlockAttempt attempt, int node, Consumer<ReleaseOutcome> first) {
        attempt.whenVoted(node, () -> {
            if (attempt.mayHold().contains(node)) {
                send(attempt, node, first);
            } else {
                first.accept(ReleaseOutcome.NOT_HELD);
            }
        });
    }

    private void send(RedlockAttempt attempt, int node, Consumer<ReleaseOutcome> first) {
        nodes.get(node).ask(nodes.timeout(attempt.request()), released(attempt), new RedlockNode.Listener<>() {
            @Override
            public void answered(ReleaseOutcome outcome) {
                first.accept(outcome);
            }

            @Override
            public void failed(LockBackendException reason) {
                first.accept(ReleaseOutcome.UNKNOWN);
                // from here on nobody knows what is on its way
                new Again(attempt, node).later();
            }
        });
    }

    /** The id is blocked only where its request may come later: a tombstone lives as long as a lease. */
    private static RedlockNode.Question<ReleaseOutcome> released(RedlockAttempt attempt) {
        return (node, timeout) -> {
            if (!attempt.mayComeLate(node.index())) {
                return node.release(attempt.request(), attempt.owner(), timeout);
            }
            node.undo(attempt.request(), attempt.owner(), timeout);
            return ReleaseOutcome.UNKNOWN; // it may have held it, and does not say so
        };
    }

    /** What is left then ends with its lease. */
    @Override
    public void close() {
        closed = true;
    }

    /** Asks one node again and again, later each time. */
    private final class Again implements RedlockNode.Listener<ReleaseOutcome> {
        private final RedlockAttempt attempt;
        private final int node;
        private final long giveUp;
        private volatile Duration delay = FIRST_DELAY;

        Again(RedlockAttempt attempt, int node) {
            this.attempt = attempt;
            this.node = node;
            giveUp = context.nanoTime() + attempt.longestLease().toNanos();
        }

        void later() {
            boolean over = closed || context.nanoTime() - giveUp >= 0;
            if (pending.incrementAndGet() > MAX_PENDING || over) {
                pending.decrementAndGet();
                return;
            }
            context.schedule(this::ask, Durations.between(delay.dividedBy(2), delay, context.random()));
            delay = Durations.atMost(MAX_DELAY, delay.multipliedBy(2));
        }

        private void ask() {
            nodes.get(node)
                    .ask(
                            nodes.timeout(attempt.request()),
                            (asked, left) -> asked.undo(attempt.request(), attempt.owner(), left),
                            this);
        }

        @Override
        public void answered(ReleaseOutcome outcome) {
            pending.decrementAndGet();
        }

        @Override
        public void failed(LockBackendException reason) {
            pending.decrementAndGet();
            later();
        }
    }
}
