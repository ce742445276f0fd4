// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.Registration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a client over which the store tells of locks that became free. A waiter is woken when its
 * subscription is confirmed, because the release may have come before, and again after every reconnect. Thread-safe.
 */
final class ToyPush implements AutoCloseable {
    private static final long BACK_OFF = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration PING_EVERY = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final InetSocketAddress address;
    private final ToyFault fault;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final Map<String, Set<Waiter>> waiters = new HashMap<>(); // guarded by lock
    private @Nullable ToyWire wire; // guarded by lock; null: not connected
    private boolean closed; // guarded by lock
    private final AtomicInteger connects = new AtomicInteger();

    /** An object of its own each, so that one who waits twice is there twice. */
    private static final class Waiter {
        private final Runnable wakeUp;

        Waiter(Runnable wakeUp) {
            this.wakeUp = wakeUp;
        }
    }

    ToyPush(InetSocketAddress address, ToyFault fault) {
        this.address = address;
        this.fault = fault;
        thread = new Thread(this::run, "toy-push");
        thread.setDaemon(true);
        thread.start();
    }

    /** How often the connection was made anew. */
    int reconnects() {
        return Math.max(0, connects.get() - 1);
    }

    boolean isConnected() {
        lock.lock();
        try {
            return wire != null;
        } finally {
            lock.unlock();
        }
    }

    Registration watch(String key, Runnable wakeUp) {
        var waiter = new Waiter(wakeUp);
        lock.lock();
        try {
            var present = waiters.computeIfAbsent(key, k -> new HashSet<>());
            present.add(waiter);
            say("WATCH " + key); // each time: the confirmation wakes the new one
        } finally {
            lock.unlock();
        }
        return () -> unwatch(key, waiter);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            if (wire != null) {
                wire.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void unwatch(String key, Waiter waiter) {
        lock.lock();
        try {
            var present = waiters.getOrDefault(key, Set.of());
            if (present.contains(waiter) && present.remove(waiter) && present.isEmpty()) {
                waiters.remove(key);
                say("UNWATCH " + key);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!isClosed()) {
            try {
                listen(ToyWire.connect(address, CONNECT.toMillis()));
            } catch (IOException broken) {
                if (fault == ToyFault.WAITER_DIES_WITH_CONNECTION) {
                    return;
                }
            }
            backOff();
        }
    }

    private void listen(ToyWire connected) throws IOException {
        try {
            connects.incrementAndGet();
            begin(connected);
            boolean pinged = false;
            while (true) {
                try {
                    heard(connected.read(PING_EVERY.toMillis()));
                    pinged = false;
                } catch (SocketTimeoutException silent) {
                    if (pinged) {
                        throw silent;
                    }
                    pinged = true;
                    connected.write("PING");
                }
            }
        } finally {
            end(connected);
        }
    }

    private void begin(ToyWire connected) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("closed");
            }
            wire = connected;
            for (String key : waiters.keySet()) {
                connected.write("WATCH " + key);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(ToyWire connected) {
        lock.lock();
        try {
            wire = null;
        } finally {
            lock.unlock();
        }
        connected.close();
    }

    private void heard(String line) {
        String[] words = line.split(" ", -1);
        boolean first = connects.get() == 1;
        switch (words[0]) {
            case "FREE" -> wake(words[1]);
            case "WATCHING" -> {
                if (fault != ToyFault.NO_LOOK_AFTER_SUBSCRIBING || !first) {
                    wake(words[1]);
                }
            }
            default -> {} // nobody waits for other answers
        }
    }

    private void wake(String key) {
        List<Waiter> woken;
        lock.lock();
        try {
            woken = new ArrayList<>(waiters.getOrDefault(key, Set.of()));
        } finally {
            lock.unlock();
        }
        woken.forEach(waiter -> waiter.wakeUp.run());
    }

    /** Called under the lock. */
    private void say(String line) {
        if (wire != null) {
            try {
                wire.write(line);
            } catch (IOException broken) {
                wire.close(); // the reader finds out, and says it again on a new connection
            }
        }
    }

    private void backOff() {
        lock.lock();
        try {
            long left = BACK_OFF;
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
