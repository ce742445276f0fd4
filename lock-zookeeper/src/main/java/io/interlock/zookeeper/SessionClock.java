// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Until when a session surely lives, from the heartbeats that were answered. No I/O. Thread-safe. See docs/adr/0011.
 *
 * <p>A heartbeat's answer proves that the session lived when the leader saw it, but not that the leader has put the end
 * of the session off for it: the server that we talk to tells the leader of our signs of life on its own time, once in
 * half a tick. So a heartbeat counts, from the time when it was sent, as soon as another one is answered that was sent
 * half a tick after the answer to the first: what the server knew then has reached the leader before.
 */
final class SessionClock {
    private volatile Duration timeout; // written under lock
    private final long spacing;
    private final ReentrantLock lock = new ReentrantLock(); // held for a few instructions only
    private final Deque<Beat> answered = new ArrayDeque<>(); // guarded by lock; in the order of their answers
    private volatile OptionalLong sure = OptionalLong.empty(); // written under lock

    private record Beat(long sent, long answered) {}

    /**
     * The clock of a new session.
     *
     * @param timeout as negotiated
     * @param halfTick how long a server may keep a sign of life to itself
     */
    SessionClock(Duration timeout, Duration halfTick) {
        this.timeout = timeout;
        this.spacing = halfTick.toNanos();
    }

    /** The session was made after this time, by the leader itself. */
    void bornAfter(long nanos) {
        lock.lock();
        try {
            sureSince(nanos);
        } finally {
            lock.unlock();
        }
    }

    /** A server grants a shorter timeout to a session that reconnects to it, which the leader counts from then on. */
    void limit(Duration negotiated) {
        lock.lock();
        try {
            if (negotiated.compareTo(timeout) < 0) {
                timeout = negotiated;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A heartbeat was answered. */
    void answered(long sentNanos, long answeredNanos) {
        lock.lock();
        try {
            while (!answered.isEmpty() && sentNanos - answered.getFirst().answered() >= spacing) {
                sureSince(answered.removeFirst().sent());
            }
            Beat last = answered.peekLast();
            // of those that come thick and fast, a few are enough
            if (last == null || sentNanos - last.sent() >= spacing / 4) {
                answered.addLast(new Beat(sentNanos, answeredNanos));
            }
        } finally {
            lock.unlock();
        }
    }

    /** On the clock of the arguments; empty as long as nothing is sure. */
    OptionalLong validUntil() {
        OptionalLong since = sure;
        return since.isPresent() ? OptionalLong.of(Validity.end(since.getAsLong(), timeout)) : since;
    }

    boolean isValid(long now) {
        OptionalLong end = validUntil();
        return end.isPresent() && end.getAsLong() - now > 0;
    }

    private void sureSince(long nanos) {
        OptionalLong before = sure;
        if (before.isEmpty() || nanos - before.getAsLong() > 0) {
            sure = OptionalLong.of(nanos);
        }
    }
}
