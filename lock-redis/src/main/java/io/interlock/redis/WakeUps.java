// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Registration;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * All subscriptions of one client, on one connection that exists only once somebody has waited. Thread-safe.
 *
 * <p>A waiter is woken when its subscription is confirmed, because the release that it waits for may have been published
 * before; upon every message; and when a new connection has taken over from a broken one.
 *
 * <p>Nothing is written under the lock, nor by who waits: a write can block without end, if the other side reads no more.
 */
final class WakeUps implements SubscriberLink.Events, SubscriptionWriter.Source, Waking {
    /** A connection whose other end went without a word costs a waiter two re-checks of 5 s, or three. */
    private static final Duration PING_EVERY = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();

    /** Those that are wanted, and those that the server does not know yet to be wanted no more. Guarded by lock. */
    private final Map<String, Channel> channels = new HashMap<>();

    private final Set<String> changed = new HashSet<>(); // of what the server may have to be told; guarded by lock
    private final SubscriberThread reader;
    private final SubscriptionWriter writer;
    private final Heartbeat heartbeat;
    private final Consumer<JedisRedirectionException> sentOn;
    private @Nullable SubscriberLink link; // the one that is ready; guarded by lock
    private int wanted; // how many channels; guarded by lock
    private boolean pinging; // whether a ping is to be sent; guarded by lock
    private boolean closed; // guarded by lock

    WakeUps(ServerPool server, BackendContext context, Duration callTimeout) {
        this(server, context, callTimeout, PING_EVERY);
    }

    WakeUps(ServerPool server, BackendContext context, Duration callTimeout, Duration pingEvery) {
        this(server, PubSub.PLAIN, context, callTimeout, pingEvery, e -> {});
    }

    /** On a node of a cluster, which may send waiters on to another one. */
    WakeUps(
            ServerPool server,
            PubSub pubSub,
            BackendContext context,
            Duration callTimeout,
            Consumer<JedisRedirectionException> sentOn) {
        this(server, pubSub, context, callTimeout, PING_EVERY, sentOn);
    }

    private WakeUps(
            ServerPool server,
            PubSub pubSub,
            BackendContext context,
            Duration callTimeout,
            Duration pingEvery,
            Consumer<JedisRedirectionException> sentOn) {
        this.sentOn = sentOn;
        reader = new SubscriberThread(server, pubSub, context, this, callTimeout);
        writer = new SubscriptionWriter(context, callTimeout, this);
        heartbeat = new Heartbeat(context, pingEvery, () -> ping(context, callTimeout));
    }

    @Override
    public Registration subscribe(String channel, Runnable wakeUp) {
        var waiter = new Waiter(wakeUp);
        boolean live;
        lock.lock();
        try {
            if (closed) {
                return () -> {};
            }
            // first: no waiter is left behind if no thread can be started
            reader.work(true);
            Channel entry = channels.computeIfAbsent(channel, unknown -> new Channel());
            if (!entry.isWanted()) {
                wanted++;
                changed.add(channel);
            }
            entry.add(waiter);
            live = entry.isLive();
            heartbeat.begin();
        } finally {
            lock.unlock();
        }
        if (live) {
            // the message may have passed between this waiter's attempt and now
            wakeUp.run();
        } else {
            writer.write();
        }
        return () -> unsubscribe(channel, waiter);
    }

    @Override
    public void ready(SubscriberLink next) {
        lock.lock();
        try {
            link = next;
            changed.addAll(channels.keySet());
        } finally {
            lock.unlock();
        }
        writer.write();
    }

    @Override
    public void subscribed(String channel) {
        reader.worked();
        wake(channel, true);
    }

    @Override
    public void message(String channel) {
        wake(channel, false);
    }

    /** Asks for it again if it is wanted: the server then names the node where it is. */
    @Override
    public void unsubscribed(String channel) {
        lock.lock();
        try {
            Channel entry = channels.get(channel);
            if (entry == null) {
                return;
            }
            entry.dead();
            changed.add(channel);
        } finally {
            lock.unlock();
        }
        writer.write();
    }

    @Override
    public void sentOn(JedisRedirectionException where) {
        sentOn.accept(where);
    }

    /** Cuts the connection, so that the next one leads to where the server is now. */
    void reconnect() {
        reader.link().ifPresent(SubscriberLink::disconnect);
    }

    /** The connection is gone; the next one will subscribe to everything again. */
    void lost() {
        lock.lock();
        try {
            link = null;
            pinging = false;
            changed.clear();
            channels.values().removeIf(entry -> !entry.isWanted());
            channels.values().forEach(Channel::dead);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SubscriptionWriter.@Nullable Batch next() {
        lock.lock();
        try {
            SubscriberLink to = link;
            if (to == null || (changed.isEmpty() && !pinging)) {
                return null;
            }
            var batch = new SubscriptionWriter.Batch(to, added(), removed(), pinging);
            changed.clear();
            pinging = false;
            return batch;
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
            changed.clear();
            wanted = 0;
        } finally {
            lock.unlock();
        }
        reader.close();
    }

    /** Under the lock. */
    private List<String> added() {
        var added = new ArrayList<String>();
        for (var channel : changed) {
            Channel entry = channels.get(channel);
            if (entry != null && entry.isWanted() && !entry.isSent()) {
                entry.sent();
                added.add(channel);
            }
        }
        return added;
    }

    /** Under the lock. Who joins one of these from now on finds no entry, and subscribes anew behind this. */
    private List<String> removed() {
        var removed = new ArrayList<String>();
        for (var channel : changed) {
            Channel entry = channels.get(channel);
            if (entry != null && !entry.isWanted()) {
                channels.remove(channel);
                removed.add(channel);
            }
        }
        return removed;
    }

    private void unsubscribe(String channel, Waiter waiter) {
        lock.lock();
        try {
            Channel entry = channels.get(channel);
            if (entry == null || !entry.remove(waiter)) {
                return;
            }
            wanted--;
            changed.add(channel);
            if (!entry.isSent()) {
                channels.remove(channel);
            }
            reader.work(wanted > 0);
        } finally {
            lock.unlock();
        }
        writer.write();
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
        boolean ready;
        lock.lock();
        try {
            if (wanted == 0) {
                return false;
            }
            ready = link != null;
            pinging = ready;
        } finally {
            lock.unlock();
        }
        if (ready) {
            writer.write();
        } else {
            // nothing is to be written on it, but the server owes it an answer
            reader.link().ifPresent(making -> making.cutIfSilentFor(context, patience));
        }
        return true;
    }
}
