// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

    /** A connection that broke after this was not refused by the server: making it anew at once loads nobody. */
    private static final Duration WORKED_AFTER = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ServerPool server;
    private final PubSub pubSub;
    private final BackendContext context;
    private final WakeUps wakeUps;
    private final Duration patience;
    private @Nullable Thread thread; // guarded by lock
    private @Nullable SubscriberLink link; // from made to broken; guarded by lock
    private boolean wanted; // whether anybody waits; guarded by lock
    private boolean closed; // guarded by lock
    private int failures; // since the last connection that worked; confined to the thread

    SubscriberThread(ServerPool server, PubSub pubSub, BackendContext context, WakeUps wakeUps, Duration patience) {
        this.server = server;
        this.pubSub = pubSub;
        this.context = context;
        this.wakeUps = wakeUps;
        this.patience = patience;
    }

    /** Says whether anybody waits: only then is a broken connection made anew. */
    void work(boolean wanted) {
        lock.lock();
        try {
            this.wanted = wanted;
            if (wanted && thread == null && !closed) {
                var starting = new Thread(this::run, "interlock-redis-wake-ups");
                starting.setDaemon(true);
                starting.start();
                // not before: if it could not be started, the next waiter tries again
                thread = starting;
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

    /** A channel was subscribed, so the connection works: the next failure is a first one. Called on the thread. */
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
        } finally {
            ended();
        }
    }

    /** Whatever ended the thread, the next waiter starts another. */
    private void ended() {
        lock.lock();
        try {
            thread = null;
        } finally {
            lock.unlock();
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
            read(new SubscriberLink(server.newConnection(), pubSub, wakeUps));
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            // an Error too: without this thread, nobody is woken any more
            failed(e);
        }
    }

    private void read(SubscriberLink next) {
        long began = context.nanoTime();
        try {
            opened(next);
            next.run();
        } finally {
            gone(next);
            if (context.nanoTime() - began >= WORKED_AFTER.toNanos()) {
                failures = 0;
            }
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

    /** First nobody begins to send on it any more, then it is cut. */
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

    private void failed(Throwable e) throws InterruptedException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            failures++;
            if (failures == WARN_AFTER) {
                LOG.warn(
                        "no subscriber connection to {}; waiters re-check instead of being woken: {}",
                        address(),
                        server.errors().shown(e));
            } else {
                LOG.debug(
                        "the subscriber connection to {} broke: {}",
                        address(),
                        server.errors().shown(e));
            }
            backOff();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void backOff() throws InterruptedException {
        long most = Math.min(BACK_OFF_MAX.toNanos(), BACK_OFF_MIN.toNanos() << Math.min(failures - 1, 10));
        long left = Durations.between(Duration.ofNanos(most / 2), Duration.ofNanos(most), context.random())
                .toNanos();
        while (left > 0 && !closed) {
            left = changed.awaitNanos(left);
        }
    }

    private String address() {
        return server.errors().address();
    }
}
