// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a link: everything that happens on its connections, and to them, happens there one after the other.
 * Thread-safe.
 */
final class LinkLoop implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long origin = System.nanoTime();
    private final Selector selector;
    private final Thread thread;
    private final Queue<Task<?>> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::since)); // confined
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile @Nullable RuntimeException broken;

    /** What waits for a channel; runs on the loop. */
    interface Ready {
        void ready(SelectionKey key);
    }

    private record Timer(long at, long origin, Runnable action) {
        /** Differences only: the clock may pass through the ends of its range. */
        long since() {
            return at - origin;
        }
    }

    private record Task<T>(Supplier<T> action, CompletableFuture<T> result) {
        /** The effect must be there before the caller goes on: a channel is closed only by the next selection. */
        void run(Runnable settle) {
            try {
                T value = action.get();
                settle.run();
                result.complete(value);
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }
    }

    LinkLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "lock-tck-link-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Runs something on the loop, and waits for it.
     *
     * @throws IllegalStateException if the link is closed
     */
    <T extends @Nullable Object> T call(Supplier<T> action) {
        if (Thread.currentThread() == thread) {
            return action.get();
        }
        var task = new Task<>(action, new CompletableFuture<T>());
        tasks.add(task);
        selector.wakeup();
        if (ended && tasks.remove(task)) {
            throw new LinkClosedException();
        }
        return Futures.join(task.result());
    }

    /** Runs something on the loop, and waits for it. */
    void run(Runnable action) {
        this.<@Nullable Void>call(() -> {
            action.run();
            return null;
        });
    }

    /** Runs something on the loop, and waits for it; does nothing on a closed link. */
    void runUnlessClosed(Runnable action) {
        try {
            run(action);
        } catch (LinkClosedException closed) {
            // whatever it was about went with the link
        }
    }

    /** Registers a channel; on the loop only. */
    SelectionKey register(SelectableChannel channel, int interest, Ready ready) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, interest, ready);
    }

    /** Runs something at a time of {@link System#nanoTime}; on the loop only. */
    void at(long nanos, Runnable action) {
        timers.add(new Timer(nanos, origin, action));
    }

    /** Remembers that a link can't do its work; {@link #requireSound} tells. */
    void breakDown(RuntimeException why) {
        if (broken == null) {
            broken = why;
        }
    }

    void requireSound() {
        RuntimeException why = broken;
        if (why != null) {
            throw new IllegalStateException("the link can't go on: " + why.getMessage(), why);
        }
    }

    /** Ends the thread, and every channel that is registered. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        if (Thread.currentThread() != thread) {
            Futures.joinThread(thread);
        }
    }

    private void run() {
        try {
            while (!closing) {
                selector.select(this::serve, timeoutMillis());
                runTasks();
                runTimers();
            }
        } catch (IOException e) {
            breakDown(new UncheckedIOException(e));
        } finally {
            end();
        }
    }

    private void serve(SelectionKey key) {
        if (key.isValid()) {
            guarded(() -> ((Ready) key.attachment()).ready(key));
        }
    }

    private void settle() {
        try {
            selector.selectNow(this::serve);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void runTasks() {
        for (Task<?> task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run(this::settle);
        }
    }

    private void runTimers() {
        long now = System.nanoTime();
        for (Timer next = timers.peek(); next != null && next.at() - now <= 0; next = timers.peek()) {
            timers.remove();
            guarded(next.action());
        }
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            breakDown(e);
        }
    }

    /** Rounded up: nothing may be early. 0 is for ever. */
    private long timeoutMillis() {
        Timer next = timers.peek();
        if (next == null) {
            return 0;
        }
        long left = next.at() - System.nanoTime();
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left + 999_999));
    }

    private void end() {
        closing = true;
        for (var key : new ArrayList<>(selector.keys())) {
            Sockets.close(key.channel());
        }
        Sockets.close(selector);
        ended = true;
        for (Task<?> task = tasks.poll(); task != null; task = tasks.poll()) { // whoever comes later sees the flag
            task.result().completeExceptionally(new LinkClosedException());
        }
    }
}
