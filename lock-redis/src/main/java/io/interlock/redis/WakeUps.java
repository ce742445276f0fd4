// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Registration;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All subscriptions of one client, on one connection that exists only once somebody has waited. Thread-safe.
 *
 * <p>A waiter is woken when its subscription is confirmed, because the release that it waits for may have been published
 * before; upon every message; and when a new connection has taken over from a broken one.
 */
final class WakeUps implements SubscriberLink.Events, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);

    /** A connection whose other end went without a word costs a waiter two re-checks of 5 s, or three. */
    private static final Duration PING_EVERY = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Channel> channels = new HashMap<>(); // guarded by lock
    private final SubscriberThread reader;
    private final Heartbeat heartbeat;
    private @Nullable SubscriberLink link; // the one that is ready; guarded by lock
    private boolean closed; // guarded by lock

    WakeUps(RedisStore store, BackendContext context, Duration callTimeout) {
        this(store, context, callTimeout, PING_EVERY);
    }

    WakeUps(RedisStore store, BackendContext context, Duration callTimeout, Duration pingEvery) {
        reader = new SubscriberThread(store, context.random(), this, callTimeout);
        heartbeat = new Heartbeat(context, pingEvery, () -> ping(context, callTimeout));
    }

    /** Begins to wake a waiter; does not wait for the server. */
    Registration subscribe(String channel, Runnable wakeUp) {
        var waiter = new Waiter(wakeUp);
        boolean live;
        lock.lock();
        try {
            if (closed) {
                return () -> {};
            }
            Channel entry = channels.get(channel);
            if (entry == null) {
                entry = new Channel();
                channels.put(channel, entry);
                send(ready -> ready.subscribe(List.of(channel)));
            }
            entry.add(waiter);
            live = entry.isLive();
            reader.work(true);
            heartbeat.begin();
        } finally {
            lock.unlock();
        }
        if (live) {
            // the message may have passed between this waiter's attempt and now
            wakeUp.run();
        }
        return () -> unsubscribe(channel, waiter);
    }

    @Override
    public void ready(SubscriberLink next) {
        lock.lock();
        try {
            reader.worked();
            link = next;
            send(ready -> ready.subscribe(channels.keySet()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void subscribed(String channel) {
        wake(channel, true);
    }

    @Override
    public void message(String channel) {
        wake(channel, false);
    }

    /** The connection is gone; the next one will subscribe to everything again. */
    void lost() {
        lock.lock();
        try {
            link = null;
            channels.values().forEach(Channel::dead);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            channels.clear();
        } finally {
            lock.unlock();
        }
        reader.close();
    }

    private void unsubscribe(String channel, Waiter waiter) {
        lock.lock();
        try {
            Channel entry = channels.get(channel);
            if (entry == null || !entry.remove(waiter)) {
                return;
            }
            channels.remove(channel);
            send(ready -> ready.unsubscribe(channel));
            reader.work(!channels.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    private void wake(String channel, boolean confirmed) {
        List<Waiter> waiters;
        lock.lock();
        try {
            Channel entry = channels.get(channel);
            if (entry == null) {
                return;
            }
            if (confirmed) {
                entry.live();
            }
            waiters = entry.waiters();
        } finally {
            lock.unlock();
        }
        waiters.forEach(Waiter::wake);
    }

    /** Cuts the connection unless it answers in time. Says whether anybody still waits. */
    private boolean ping(BackendContext context, Duration patience) {
        lock.lock();
        try {
            if (channels.isEmpty()) {
                return false;
            }
            reader.link().ifPresent(current -> {
                long before = current.words();
                send(SubscriberLink::ping);
                context.schedule(() -> current.cutIfSilentSince(before), patience);
            });
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. A connection that can't be written to is cut, and its reader makes another. */
    private void send(Consumer<SubscriberLink> command) {
        if (link == null) {
            return;
        }
        try {
            command.accept(link);
        } catch (RuntimeException e) {
            LOG.debug("the subscriber connection broke while sending", e);
            link.disconnect();
            link = null;
        }
    }
}
