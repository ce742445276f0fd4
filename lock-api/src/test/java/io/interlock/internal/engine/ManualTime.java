// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** A clock and a timer that move only when a test says so. Thread-safe. */
final class ManualTime implements Time {
    private final AtomicLong now = new AtomicLong();
    private final AtomicLong suspended = new AtomicLong();
    private final Set<Signal> parked = ConcurrentHashMap.newKeySet();
    private final AtomicLong sequence = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Task> tasks = new ArrayList<>(); // guarded by lock
    private volatile Runnable onJump = () -> {};

    private record Task(long at, long sequence, Runnable action) {}

    /** Moves both clocks, running what falls due on the way, in order, at its time. */
    void advance(Duration step) {
        long target = now.get() + step.toNanos();
        for (Task task = nextDue(target); task != null; task = nextDue(target)) {
            now.accumulateAndGet(task.at, Math::max);
            task.action.run();
        }
        now.accumulateAndGet(target, Math::max);
    }

    /** The machine was suspended: the clock of validity runs ahead, the monotonic one knows nothing. */
    void suspend(Duration asleep) {
        suspended.addAndGet(asleep.toNanos());
        onJump.run();
    }

    /** How many threads wait in {@link #await} and will not wake up by themselves. */
    int parked() {
        return (int) parked.stream().filter(signal -> !signal.isRaised()).count();
    }

    /** How many tasks wait for their time. */
    int pendingTasks() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    private Task nextDue(long target) {
        lock.lock();
        try {
            var next = tasks.stream()
                    .filter(task -> task.at <= target)
                    .min(Comparator.comparingLong(Task::at).thenComparingLong(Task::sequence));
            next.ifPresent(tasks::remove);
            return next.orElse(null);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanoTime() {
        return now.get() + suspended.get();
    }

    @Override
    public long monotonicNanos() {
        return now.get();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanoTime());
    }

    @Override
    public Registration schedule(Runnable action, long delayNanos) {
        var task = new Task(Nanos.plus(now.get(), Math.max(0, delayNanos)), sequence.incrementAndGet(), action);
        lock.lock();
        try {
            tasks.add(task);
        } finally {
            lock.unlock();
        }
        return () -> {
            lock.lock();
            try {
                tasks.remove(task);
            } finally {
                lock.unlock();
            }
        };
    }

    @Override
    public void await(Signal signal, long deadline) throws InterruptedException {
        Registration timeout = deadline == Long.MAX_VALUE
                ? () -> {}
                : schedule(signal::raise, Math.max(0, deadline - monotonicNanos()));
        parked.add(signal);
        try {
            if (deadline > monotonicNanos()) {
                signal.await(Long.MAX_VALUE);
            }
        } finally {
            parked.remove(signal);
            timeout.close();
        }
    }

    @Override
    public void onJump(Runnable action) {
        onJump = action;
    }

    @Override
    public void close() {}
}
