// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPubSub;

/**
 * One subscriber connection, from made to broken. {@link #run} reads on one thread; the other methods are called under
 * the lock of {@link WakeUps}, because the client library does not keep concurrent senders apart.
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
    private final AtomicLong words = new AtomicLong();
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

    void subscribe(Collection<String> channels) {
        refuseIfCut();
        if (!channels.isEmpty()) {
            pubSub.subscribe(channels.toArray(String[]::new));
        }
    }

    void unsubscribe(String channel) {
        refuseIfCut();
        pubSub.unsubscribe(channel);
    }

    /** Asks for an answer. */
    void ping() {
        subscribe(List.of(ALIVE));
    }

    /** How often the server has said anything, on a connection that is not ready yet too. Needs no lock. */
    long words() {
        return words.get();
    }

    /** Needs no lock. */
    void cutIfSilentSince(long wordsBefore) {
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
            LOG.debug("could not cut the subscriber connection", e);
        }
    }

    /** The client library reconnects when a command is sent on a closed connection, without a reader for it. */
    private void refuseIfCut() {
        if (cut) {
            throw new IllegalStateException("the subscriber connection was cut");
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
