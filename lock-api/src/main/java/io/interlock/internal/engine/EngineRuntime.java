// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Registration;
import io.interlock.spi.BackendContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time, threads and randomness of one client: all that a test replaces.
 *
 * @param time clocks and timer
 * @param pools threads
 * @param jitter randomness for delays
 * @param ids randomness for owner ids: unguessable
 */
record EngineRuntime(Time time, Pools pools, RandomGenerator jitter, RandomGenerator ids) implements BackendContext {
    private static final Logger log = LoggerFactory.getLogger(EngineRuntime.class);

    static EngineRuntime create() {
        var ids = new SecureRandom();
        return new EngineRuntime(
                new SystemTime(),
                Pools.create(),
                () -> ThreadLocalRandom.current().nextLong(),
                ids);
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    @Override
    public Registration schedule(Runnable task, Duration delay) {
        return time.schedule(() -> run(pools.io(), task), Nanos.of(delay));
    }

    @Override
    public Executor ioExecutor() {
        return pools.io();
    }

    @Override
    public RandomGenerator random() {
        return jitter;
    }

    /** A delay between half and one and a half of the given one, so that clients don't march in step. */
    long jittered(long nanos) {
        return nanos / 2 + jitter.nextLong(nanos + 1);
    }

    void close() {
        time.close();
        pools.shutdown().run();
    }

    /** Hands over a task and logs what it throws; false if the executor is closed and the task will not run. */
    static boolean run(Executor executor, Runnable task) {
        try {
            executor.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException closed) {
            log.debug("a task came too late: its executor is closed", closed);
            return false;
        }
    }

    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable broken) {
            log.error("a background task of Interlock failed", broken);
        }
    }
}
