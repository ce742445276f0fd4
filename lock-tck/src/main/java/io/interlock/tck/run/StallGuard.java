// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long the machine keeps threads waiting: a thread that asks to be woken each millisecond, and notes by how
 * much it was late. Thread-safe.
 */
final class StallGuard implements AutoCloseable {
    private static final long PERIOD = Duration.ofMillis(1).toNanos();

    private final AtomicLong worst = new AtomicLong();
    private final Thread thread = new Thread(this::watch, "tck-stall-guard");
    private volatile boolean closed;

    StallGuard() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long last = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(PERIOD);
            long now = System.nanoTime();
            long late = now - last - PERIOD;
            last = now;
            worst.accumulateAndGet(late, Math::max);
        }
    }

    /** Forgets what was measured. */
    void reset() {
        worst.set(0);
    }

    /** {@return the longest stall since the last reset} */
    Duration worst() {
        return Duration.ofNanos(worst.get());
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
