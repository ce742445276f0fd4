// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client's queues of contenders, one per lock name: only the front one talks to the store, so that traffic grows
 * with the clients that wait, not with their threads. Orders contention only; nobody holds a place during a lease.
 * Thread-safe.
 */
final class Gates {
    private final ReentrantLock lock = new ReentrantLock(); // held for a few instructions, never during I/O
    private final Map<String, Line> lines = new HashMap<>(); // guarded by lock

    /** Those who wait for one name, and what the front one heard last, for the messages of those behind. */
    private static final class Line {
        private final Set<Place> places = new LinkedHashSet<>();
        private News news = News.NONE;

        @Nullable
        Place front() {
            Iterator<Place> inOrder = places.iterator();
            return inOrder.hasNext() ? inOrder.next() : null;
        }
    }

    /**
     * The store's latest word on a lock.
     *
     * @param holder who holds it, if that was said
     * @param failure set if the store failed instead
     * @param failingSince since when it does nothing else, on the monotonic clock; means nothing without a failure
     */
    record News(Optional<HolderInfo> holder, @Nullable LockBackendException failure, long failingSince) {
        static final News NONE = new News(Optional.empty(), null, 0);

        /** A refusal that names no holder does not make the one that is known a secret. */
        News refused(Optional<HolderInfo> named) {
            return new News(named.or(() -> holder), null, 0);
        }

        News failed(LockBackendException latest, long now) {
            return new News(holder, latest, failure == null ? now : failingSince);
        }
    }

    /** A contender's place in line. */
    final class Place implements AutoCloseable {
        private final String name;
        private final Signal signal;

        private Place(String name, Signal signal) {
            this.name = name;
            this.signal = signal;
        }

        boolean isFront() {
            lock.lock();
            try {
                Line line = lines.get(name);
                return line != null && line.front() == this;
            } finally {
                lock.unlock();
            }
        }

        /** What the front one heard last. */
        News news() {
            lock.lock();
            try {
                Line line = lines.get(name);
                return line == null ? News.NONE : line.news;
            } finally {
                lock.unlock();
            }
        }

        /** Leaves the latest word with those behind. */
        void tell(News news) {
            lock.lock();
            try {
                Line line = lines.get(name);
                if (line != null) {
                    line.news = news;
                }
            } finally {
                lock.unlock();
            }
        }

        /** Leaves the line, by whatever door; the next one moves up. Idempotent. */
        @Override
        public void close() {
            Place next;
            lock.lock();
            try {
                Line line = lines.get(name);
                boolean wasFront = line != null && line.front() == this;
                if (line == null || !line.places.remove(this)) {
                    return;
                }
                if (line.places.isEmpty()) {
                    lines.remove(name);
                }
                next = wasFront ? line.front() : null;
            } finally {
                lock.unlock();
            }
            raise(next);
        }
    }

    /** Joins the line at its end. */
    Place enter(String name, Signal signal) {
        var place = new Place(name, signal);
        lock.lock();
        try {
            lines.computeIfAbsent(name, n -> new Line()).places.add(place);
        } finally {
            lock.unlock();
        }
        return place;
    }

    /** Tells the front one that an attempt may succeed now. */
    void wakeFront(String name) {
        Place front;
        lock.lock();
        try {
            Line line = lines.get(name);
            front = line == null ? null : line.front();
        } finally {
            lock.unlock();
        }
        raise(front);
    }

    /** How many names have a line; for leak tests. */
    int size() {
        lock.lock();
        try {
            return lines.size();
        } finally {
            lock.unlock();
        }
    }

    private static void raise(@Nullable Place place) {
        if (place != null) {
            place.signal.raise();
        }
    }
}
