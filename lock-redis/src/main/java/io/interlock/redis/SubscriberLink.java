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
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * One subscriber connection, from made to broken. {@link #run} reads on one thread; what writes is called by
 * {@link SubscriptionWriter} alone, because the client library does not keep concurrent senders apart.
 */
final class SubscriberLink {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriberLink.class);

    /**
     * A channel to which nobody publishes. Subscribing to it once more is answered, so it serves as the ping; PING itself
     * is answered in other ways by RESP2 and RESP3. Never a sharded one: any node of a cluster takes it.
     */
    private static final String ALIVE = "interlock:alive";

    private final Connection connection;
    private final PubSub pubSub;
    private final Events events;
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

        /** The server ended a subscription: because it was told to, or because the channel's slot went elsewhere. */
        void unsubscribed(String channel);

        /** The server refused a subscription because the channel's slot is elsewhere. */
        void sentOn(JedisRedirectionException where);
    }

    SubscriberLink(Connection connection, PubSub pubSub, Events events) {
        this.connection = connection;
        this.pubSub = pubSub;
        this.events = events;
    }

    /** Reads until the connection breaks, which it does sooner or later: always ends with an exception. */
    void run() {
        tell(PubSub.PLAIN.subscribe(), ALIVE);
        if (cut) {
            // before this, so that the client library has connected anew, and nothing is ever sent on it
            disconnect();
            throw new IllegalStateException("cut before it was read");
        }
        while (true) {
            try {
                hear(Replies.list(connection.getUnflushedObject()));
            } catch (JedisRedirectionException e) {
                words.incrementAndGet();
                events.sentOn(e);
            }
        }
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
        tellEach(pubSub.subscribe(), channels);
    }

    void unsubscribe(Collection<String> channels) {
        tellEach(pubSub.unsubscribe(), channels);
    }

    /** Asks for an answer. */
    void ping() {
        tell(PubSub.PLAIN.subscribe(), ALIVE);
    }

    private void tellEach(String verb, Collection<String> channels) {
        if (pubSub == PubSub.PLAIN && !channels.isEmpty()) {
            tell(verb, channels.toArray(String[]::new));
        } else {
            // each has a slot of its own, and one command may name one slot only
            channels.forEach(channel -> tell(verb, channel));
        }
    }

    private void tell(String verb, String... channels) {
        connection.sendCommand(Protocol.Command.valueOf(verb), channels);
        // the client library flushes before it reads, and lets us read nothing
        connection.getMany(0);
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

    private void hear(List<?> said) {
        words.incrementAndGet();
        String kind = String.valueOf(Replies.text(said.get(0)));
        String channel = String.valueOf(Replies.text(said.get(1)));
        switch (kind) {
            case "subscribe", "ssubscribe" -> confirmed(channel);
            case "message", "smessage" -> events.message(channel);
            case "sunsubscribe" -> events.unsubscribed(channel);
            default -> LOG.debug("the subscriber connection was told: {}", kind);
        }
    }

    private void confirmed(String channel) {
        if (!channel.equals(ALIVE)) {
            events.subscribed(channel);
        } else if (!ready) {
            ready = true;
            // an application's client may limit how long a read takes, and here nothing may come for days
            connection.setSoTimeout(0);
            events.ready(this);
        }
    }
}
