// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Registration;
import io.interlock.internal.WallClock;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time, and one daemon thread as the timer. */
final class SystemTime implements Time {
    private final long origin = System.nanoTime();
    private final ValidityClock validity = new ValidityClock(this::monotonicNanos, WallClock::epochMicros);
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, Pools.daemons("interlock-timer"));

    SystemTime() {
        timer.setRemoveOnCancelPolicy(true); // a released lease must not stay reachable until its renewal was due
    }

    @Override
    public long nanoTime() {
        return validity.nanoTime();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public Instant now() {
        return WallClock.now();
    }

    @Override
    public Registration schedule(Runnable task, long delayNanos) {
        try {
            var future = timer.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {}; // the client was closed: nothing is due any more
        }
    }

    @Override
    public void await(Signal signal, long deadline) throws InterruptedException {
        signal.await(deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - monotonicNanos());
    }

    @Override
    public void onJump(Runnable action) {
        validity.onJump(action);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
