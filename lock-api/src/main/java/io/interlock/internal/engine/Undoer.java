// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Capability;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back, in the background, what may have been granted without our knowing: reply lost, timed out, interrupted,
 * cancelled. Asks until the store says done; "nothing there" proves nothing, because the command may still be on its
 * way, so then it asks on for a lease.
 */
final class Undoer {
    private static final Logger log = LoggerFactory.getLogger(Undoer.class);
    private static final long FIRST_DELAY = Duration.ofMillis(50).toNanos();
    private static final long MAX_DELAY = Duration.ofSeconds(5).toNanos();

    /** A store that is down for an hour must not fill the heap with memories of every attempt. */
    private static final int MAX_PENDING = 10_000;

    private final LockBackend backend;
    private final EngineRuntime runtime;
    private final Consumer<String> onGivenBack;
    private final AtomicBoolean fullTold = new AtomicBoolean();
    private final Set<Task> pending = ConcurrentHashMap.newKeySet();

    /** Is told the name of a lock that became free. */
    Undoer(LockBackend backend, EngineRuntime runtime, Consumer<String> onGivenBack) {
        this.backend = backend;
        this.runtime = runtime;
        this.onGivenBack = onGivenBack;
    }

    /** For an attempt that may have been granted. Wakes nobody: whoever waits backs off from a store in trouble. */
    void undo(LockRequest request, OwnerId owner) {
        begin(new Task(request, owner, () -> {}));
    }

    /** For a lease that was ours: a waiter may try as soon as it is gone. */
    void giveBack(LockRequest request, OwnerId owner) {
        begin(new Task(request, owner, () -> onGivenBack.accept(request.name())));
    }

    private void begin(Task task) {
        if (pending.size() >= MAX_PENDING && !backend.capabilities().contains(Capability.SESSION_BOUND)) {
            if (fullTold.compareAndSet(false, true)) {
                log.warn(
                        "more than {} acquisitions wait to be undone; further ones are left to the end of their lease",
                        MAX_PENDING);
            }
            return;
        }
        pending.add(task);
        task.submit();
    }

    int pending() {
        return pending.size();
    }

    /** Gives what is pending one more chance, in bounded time. */
    void close(long boundNanos) throws InterruptedException {
        var tasks = Set.copyOf(pending);
        var done = new CountDownLatch(tasks.size());
        for (var task : tasks) {
            boolean handedOver = EngineRuntime.run(runtime.pools().undos(), () -> {
                try {
                    task.attempt();
                } finally {
                    done.countDown();
                }
            });
            if (!handedOver) {
                done.countDown();
            }
        }
        if (!done.await(boundNanos, TimeUnit.NANOSECONDS)) {
            log.warn("closed with {} acquisitions not yet undone; they end with their leases", pending.size());
        }
    }

    private final class Task {
        private final LockRequest request;
        private final OwnerId owner;
        private final Runnable onDone;
        private final long giveUp;
        private volatile long delay = FIRST_DELAY;

        Task(LockRequest request, OwnerId owner, Runnable onDone) {
            this.request = request;
            this.owner = owner;
            this.onDone = onDone;
            long lease = request.lease().plus(request.callTimeout()).toNanos();
            giveUp = Nanos.plus(runtime.time().monotonicNanos(), lease);
        }

        void submit() {
            EngineRuntime.run(runtime.pools().undos(), this::run);
        }

        private void run() {
            if (!attempt()) {
                runtime.time().schedule(this::submit, runtime.jittered(delay));
                delay = Math.min(2 * delay, MAX_DELAY);
            }
        }

        /** True if there is nothing left to do. */
        private boolean attempt() {
            ReleaseOutcome outcome = ask();
            boolean done = outcome == ReleaseOutcome.RELEASED
                    || (outcome == ReleaseOutcome.NOT_HELD && runtime.time().monotonicNanos() >= giveUp);
            if (done) {
                pending.remove(this);
                onDone.run();
            }
            return done;
        }

        private ReleaseOutcome ask() {
            try {
                return backend.undo(request, owner);
            } catch (Throwable failed) {
                log.debug("undo of lock '{}' failed; asking again", request.name(), failed);
                return ReleaseOutcome.UNKNOWN;
            }
        }
    }
}
