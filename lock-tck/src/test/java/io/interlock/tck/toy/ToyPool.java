// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.LockBackendException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client's connections: each carries one request at a time, and each request ends in time. Thread-safe. */
final class ToyPool implements AutoCloseable {
    private static final int SIZE = 8;

    private final InetSocketAddress address;
    private final Semaphore permits = new Semaphore(SIZE, true);
    private final Deque<ToyWire> idle = new ConcurrentLinkedDeque<>();
    private final Set<ToyWire> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger breaks = new AtomicInteger();
    private volatile boolean closed;

    ToyPool(InetSocketAddress address) {
        this.address = address;
    }

    /** The store's answer to a line. */
    String ask(String line, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        if (!permits.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw failure(line, "no connection became free", null, false);
        }
        try {
            return ask(borrow(line, end), line, end);
        } finally {
            permits.release();
        }
    }

    @Override
    public void close() {
        closed = true;
        all.forEach(ToyWire::close);
        all.clear();
    }

    private String ask(ToyWire wire, String line, long end) {
        try {
            wire.write(line);
            String reply = wire.read(leftMillis(end));
            if (reply.startsWith("ERROR")) {
                throw failure(line, reply, null, false);
            }
            idle.push(wire);
            return reply;
        } catch (IOException e) {
            drop(wire);
            throw failure(line, e.getMessage(), e, true);
        }
    }

    private ToyWire borrow(String line, long end) {
        for (ToyWire wire = idle.poll(); wire != null; wire = idle.poll()) {
            if (wire.isAlive()) {
                return wire;
            }
            drop(wire);
        }
        try {
            var wire = ToyWire.connect(address, leftMillis(end));
            all.add(wire);
            if (closed) {
                drop(wire);
            }
            return wire;
        } catch (IOException e) {
            throw failure(line, e.getMessage(), e, false);
        }
    }

    /** How many connections were found broken. */
    int breaks() {
        return breaks.get();
    }

    private void drop(ToyWire wire) {
        breaks.incrementAndGet();
        all.remove(wire);
        wire.close();
    }

    private LockBackendException failure(String line, String words, Exception cause, boolean ambiguous) {
        String message = "toy store at " + address + ": " + line.split(" ", 2)[0] + " failed: " + words;
        return new LockBackendException(message, cause, ambiguous);
    }

    private static long leftMillis(long end) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
    }
}
