// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPubSub;

/**
 * One subscriber connection, from made to broken. {@link #run} reads on one thread; what writes is called by
 * {@link SubscriptionWriter} alone, because the client library does not keep concurrent senders apart.
 */
final class SubscriberLink {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriberLink.class);

    /**
     * A channel to which nobody publishes: without one, the last UNSUBSCRIBE would end the connection. Subscribing to it
     * once more is answered, so it serves as the ping too; PING itself is answered in other ways by RESP2 and RESP3.
     */
    private static final String ALIVE = "interlock:alive";

    private final Connection connection;
    private final Events events;
    private final JedisPubSub pubSub = new Reader();
    private final AtomicLong words = new AtomicLong(); // how often the server has said anything
    private volatile boolean cut;
    private boolean ready; // confined to the reading thread

    /** What comes in. Called on the reading thread. */
    interface Events {
        /** The connection can carry subscriptions. */
        void ready(SubscriberLink link);

        /** The server confirmed a subscription: from here on no message of the channel is missed. */
        void subscribed(String channel);

        /** Something was published. */
        void message(String channel);
    }

    SubscriberLink(Connection connection, Events events) {
        this.connection = connection;
        this.events = events;
    }

    /** Reads until the connection breaks, which it does sooner or later: always ends with an exception. */
    void run() {
        pubSub.proceed(connection, ALIVE);
        throw new IllegalStateException("the server ended the subscription");
    }

    /** Runs what writes. Never throws: a connection that can't be written to is cut, and its reader makes another. */
    void send(Runnable commands) {
        if (cut) {
            return;
        }
        try {
            commands.run();
        } catch (RuntimeException e) {
            LOG.debug(
                    "the subscriber connection broke while sending: {}",
                    e.getClass().getSimpleName());
            disconnect();
        } finally {
            // the client library reconnects when a command is sent on a closed connection, without a reader for it
            if (cut) {
                disconnect();
            }
        }
    }

    /** Only within {@link #send}, as the next two. */
    void subscribe(Collection<String> channels) {
        if (!channels.isEmpty()) {
            pubSub.subscribe(channels.toArray(String[]::new));
        }
    }

    void unsubscribe(Collection<String> channels) {
        if (!channels.isEmpty()) {
            pubSub.unsubscribe(channels.toArray(String[]::new));
        }
    }

    /** Asks for an answer. */
    void ping() {
        subscribe(List.of(ALIVE));
    }

    /** Cuts the connection later unless the server has said anything by then. Needs no lock. */
    void cutIfSilentFor(BackendContext context, Duration patience) {
        long before = words.get();
        context.schedule(() -> cutIfSilentSince(before), patience);
    }

    private void cutIfSilentSince(long wordsBefore) {
        if (words.get() == wordsBefore) {
            LOG.debug("the subscriber connection is silent");
            disconnect();
        }
    }

    /** Ends {@link #run}, without a word to the server, which may be gone. Idempotent. */
    void disconnect() {
        cut = true;
        try {
            connection.forceDisconnect();
        } catch (IOException | RuntimeException e) {
            LOG.debug(
                    "could not cut the subscriber connection: {}", e.getClass().getSimpleName());
        }
    }

    private final class Reader extends JedisPubSub {
        @Override
        public void onSubscribe(String channel, int subscribedChannels) {
            words.incrementAndGet();
            if (!channel.equals(ALIVE)) {
                events.subscribed(channel);
            } else if (!ready) {
                ready = true;
                // an application's client may limit how long a read takes, and here nothing may come for days
                connection.setSoTimeout(0);
                events.ready(SubscriberLink.this);
            }
        }

        @Override
        public void onUnsubscribe(String channel, int subscribedChannels) {
            words.incrementAndGet();
        }

        @Override
        public void onMessage(String channel, String message) {
            words.incrementAndGet();
            events.message(channel);
        }
    }
}
