// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The larger of monotonic and wall-clock elapsed time, in nanoseconds. The monotonic clock stands still while a machine
 * is suspended (Linux, macOS), and a lease must not seem valid afterwards.
 *
 * <p>A wall clock that is set forward looks like a suspend: it costs validity for the moment that the renewals take,
 * never safety. One that is set back counts for nothing. Thread-safe, without locks.
 */
final class ValidityClock {
    /** Below, a difference is the noise of reading two clocks one after the other. */
    private static final long TOLERANCE = Duration.ofMillis(20).toNanos();

    /** Two readings further apart than this were interrupted by the scheduler and prove nothing. */
    private static final long MAX_READ = Duration.ofMillis(5).toNanos();

    /** Differences that add up slower than {@link #TOLERANCE} in this time are a slewed wall clock, not a suspend. */
    private static final long REBASE = Duration.ofSeconds(10).toNanos();

    private final LongSupplier monotonic;
    private final LongSupplier wallMicros;
    private final AtomicReference<Base> base;
    private volatile Runnable onJump = () -> {};

    private record Base(long monotonic, long wall, long suspended) {}

    ValidityClock(LongSupplier monotonic, LongSupplier wallMicros) {
        this.monotonic = monotonic;
        this.wallMicros = wallMicros;
        base = new AtomicReference<>(new Base(monotonic.getAsLong(), wallNanos(), 0));
    }

    void onJump(Runnable action) {
        onJump = action;
    }

    long nanoTime() {
        long before = monotonic.getAsLong();
        long wall = wallNanos();
        long now = monotonic.getAsLong();
        Base from = Objects.requireNonNull(base.get());
        if (now - before > MAX_READ) {
            return now + from.suspended;
        }
        long ahead = (wall - from.wall) - (now - from.monotonic);
        if (ahead > TOLERANCE) {
            if (base.compareAndSet(from, new Base(now, wall, from.suspended + ahead))) {
                onJump.run();
            }
            return now + from.suspended + ahead;
        }
        if (ahead < -TOLERANCE || now - from.monotonic > REBASE) {
            base.compareAndSet(from, new Base(now, wall, from.suspended));
        }
        return now + from.suspended;
    }

    private long wallNanos() {
        return wallMicros.getAsLong() * 1_000;
    }
}
