// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.Registration;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** What the engine would lend; its clock can be moved on. */
final class TestContext implements BackendContext, AutoCloseable {
    private final AtomicLong ahead = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, task -> {
        var thread = new Thread(task, "test-timer");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public long nanoTime() {
        return System.nanoTime() + ahead.get();
    }

    void advance(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    @Override
    public Registration schedule(Runnable task, Duration delay) {
        var future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Executor ioExecutor() {
        return timer;
    }

    @Override
    public RandomGenerator random() {
        return RandomGenerator.getDefault();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
