// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.Registration;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What the engine lends to a backend: the only timer and randomness that it may use, and the only clock to count validity
 * by. Thread-safe.
 */
public interface BackendContext {
    /**
     * The clock on which validity is counted. Starts anywhere and never goes back. Runs on while the machine is
     * suspended, which {@link System#nanoTime} need not do.
     *
     * @return nanoseconds
     */
    long nanoTime();

    /**
     * Runs a task once, later, on the I/O executor.
     *
     * @param task what to run; what it throws is logged
     * @param delay how long to wait
     * @return closes to forget the task
     */
    Registration schedule(Runnable task, Duration delay);

    /** {@return bounded daemon threads for I/O in the background} */
    Executor ioExecutor();

    /** {@return randomness for jitter; not for secrets} */
    RandomGenerator random();
}
