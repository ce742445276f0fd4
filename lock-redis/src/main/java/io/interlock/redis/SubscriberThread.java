// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that reads the subscriber connection, and makes a new one when it breaks while somebody waits. A
 * daemon; started with the first waiter, ended by {@link #close}. Thread-safe.
 */
final class SubscriberThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriberThread.class);
    private static final int WARN_AFTER = 3;
    private static final Duration BACK_OFF_MIN = Duration.ofMillis(100);
    private static final Duration BACK_OFF_MAX = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final RedisStore store;
    private final RandomGenerator random;
    private final WakeUps wakeUps;
    private final Duration patience;
    private @Nullable Thread thread; // guarded by lock
    private @Nullable SubscriberLink link; // from made to broken; guarded by lock
    private boolean wanted; // whether anybody waits; guarded by lock
    private boolean closed; // guarded by lock
    private int failures; // since the last connection that worked; confined to the thread

    SubscriberThread(RedisStore store, RandomGenerator random, WakeUps wakeUps, Duration patience) {
        this.store = store;
        this.random = random;
        this.wakeUps = wakeUps;
        this.patience = patience;
    }

    /** Says whether anybody waits: only then is a broken connection made anew. */
    void work(boolean wanted) {
        lock.lock();
        try {
            this.wanted = wanted;
            if (wanted && thread == null && !closed) {
                thread = new Thread(this::run, "interlock-redis-wake-ups");
                thread.setDaemon(true);
                thread.start();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Thread ending;
        lock.lock();
        try {
            closed = true;
            ending = thread;
            if (link != null) {
                link.disconnect();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        // a listener may close the client on the thread itself
        if (ending != null && ending != Thread.currentThread()) {
            await(ending);
        }
    }

    private void await(Thread ending) {
        try {
            ending.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The connection works: the next failure is a first one. Called on the thread. */
    void worked() {
        if (failures >= WARN_AFTER) {
            LOG.info("the subscriber connection to {} is back", address());
        }
        failures = 0;
    }

    /** The connection that is being made or read. */
    Optional<SubscriberLink> link() {
        lock.lock();
        try {
            return Optional.ofNullable(link);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                read();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!wanted && !closed) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void read() throws InterruptedException {
        try {
            var next = new SubscriberLink(store.newConnection(), wakeUps);
            try {
                opened(next);
                next.run();
            } finally {
                gone(next);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failed(e);
        }
    }

    private void opened(SubscriberLink next) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            link = next;
        } finally {
            lock.unlock();
        }
    }

    /** First nobody sends on it any more, then it is cut: a late sender would make the client library reconnect. */
    private void gone(SubscriberLink broken) {
        wakeUps.lost();
        lock.lock();
        try {
            link = null;
        } finally {
            lock.unlock();
        }
        broken.disconnect();
    }

    private void failed(Exception e) throws InterruptedException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            failures++;
            if (failures == WARN_AFTER) {
                LOG.warn("no subscriber connection to {}; waiters re-check instead of being woken", address(), e);
            } else {
                LOG.debug("the subscriber connection to {} broke", address(), e);
            }
            backOff();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void backOff() throws InterruptedException {
        long most = Math.min(BACK_OFF_MAX.toNanos(), BACK_OFF_MIN.toNanos() << Math.min(failures - 1, 10));
        long left = Durations.between(Duration.ofNanos(most / 2), Duration.ofNanos(most), random)
                .toNanos();
        while (left > 0 && !closed) {
            left = changed.awaitNanos(left);
        }
    }

    private String address() {
        return store.errors().address();
    }
}
