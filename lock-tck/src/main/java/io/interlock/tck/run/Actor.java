// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that does something for a rule, and what came of it. A failure that the rule never asks for fails the rule.
 * Thread-safe.
 *
 * @param <T> what it returns
 */
public final class Actor<T extends @Nullable Object> {
    private static final int STEADY_SAMPLES = 10;

    private final Thread thread;
    private final Duration limit;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable T result;
    private volatile @Nullable Throwable failure;
    private volatile boolean observed;
    private volatile boolean interruptedAfter;
    private volatile long endedAt;

    Actor(String name, Duration limit, Callable<T> body) {
        this.limit = limit;
        thread = new Thread(() -> run(body), name);
        thread.setDaemon(true);
        thread.start();
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // it is the result, told to whoever asks
    private void run(Callable<T> body) {
        try {
            result = body.call();
        } catch (Throwable e) {
            failure = e;
        } finally {
            endedAt = System.nanoTime();
            interruptedAfter = Thread.currentThread().isInterrupted();
            done.countDown();
        }
    }

    /** Interrupts the thread. */
    public void interrupt() {
        thread.interrupt();
    }

    /** {@return whether it has ended} */
    public boolean isDone() {
        return done.getCount() == 0;
    }

    /**
     * The result, waited for.
     *
     * @return what the body returned
     * @throws TimingError if it does not come within a generous limit
     * @throws Exception what the body threw
     */
    public T get() throws Exception {
        return get(limit);
    }

    /**
     * The result, waited for.
     *
     * @param bound the longest wait, scaled already
     * @return what the body returned
     * @throws TimingError if it does not come in time
     * @throws Exception what the body threw
     */
    @SuppressWarnings("NullAway") // T may be nullable, and then null is a result
    public T get(Duration bound) throws Exception {
        await(bound);
        observed = true;
        Throwable thrown = failure;
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return result;
    }

    /**
     * What the body threw, waited for.
     *
     * @return the failure
     * @throws AssertionError if it ended well
     */
    public Throwable failure() throws InterruptedException {
        return failure(limit);
    }

    /**
     * What the body threw, waited for.
     *
     * @param bound the longest wait, scaled already
     * @return the failure
     * @throws AssertionError if it ended well
     */
    public Throwable failure(Duration bound) throws InterruptedException {
        await(bound);
        observed = true;
        Throwable thrown = failure;
        if (thrown == null) {
            throw new AssertionError("thread " + thread.getName() + " was to fail, and returned " + result);
        }
        return thrown;
    }

    private void await(Duration bound) throws InterruptedException {
        if (!done.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimingError("thread " + thread.getName() + " has not ended within " + bound.toMillis()
                    + " ms, it is " + thread.getState() + " at " + where());
        }
    }

    /** {@return whether the thread's interrupt flag was up when the body ended} */
    public boolean interruptedAfter() {
        return interruptedAfter;
    }

    /** {@return when the body ended, on {@link System#nanoTime}} */
    public long endedAt() {
        return endedAt;
    }

    /** Whether the thread stands still, seen several times in a row: it waits for somebody else. */
    boolean isParkedSteadily() throws InterruptedException {
        for (int i = 0; i < STEADY_SAMPLES; i++) {
            var state = thread.getState();
            if (state != Thread.State.WAITING && state != Thread.State.TIMED_WAITING) {
                return false;
            }
            done.await(1, TimeUnit.MILLISECONDS);
        }
        return !isDone();
    }

    /** Ends it if it has not ended. */
    boolean end(Duration bound) throws InterruptedException {
        if (!isDone()) {
            thread.interrupt();
        }
        return done.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Nullable
    Throwable unobservedFailure() {
        return observed ? null : failure;
    }

    String where() {
        StackTraceElement[] stack = thread.getStackTrace();
        return thread.getName() + (stack.length == 0 ? "" : " " + stack[0]);
    }
}
