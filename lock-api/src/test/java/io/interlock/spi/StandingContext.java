// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.Registration;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** A context whose clock stands still unless told, for backends that need no timer. */
public final class StandingContext implements BackendContext {
    private final AtomicLong clock;

    /**
     * A context on a clock.
     *
     * @param clock nanoseconds
     */
    public StandingContext(AtomicLong clock) {
        this.clock = clock;
    }

    @Override
    public long nanoTime() {
        return clock.get();
    }

    @Override
    public Registration schedule(Runnable task, Duration delay) {
        throw new AssertionError("nothing here needs a timer");
    }

    @Override
    public Executor ioExecutor() {
        return Runnable::run;
    }

    @Override
    public RandomGenerator random() {
        return RandomGenerator.getDefault();
    }
}
