// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.util.Pool;

/**
 * The way to the store: finds the server of a key, and says there what a variant wants to be said. What a server refused
 * because it belongs elsewhere was not carried out, and is said there; nothing else is ever said twice. Thread-safe.
 */
final class RedisStore implements AutoCloseable {
    private static final int MOST_REDIRECTIONS = 5;
    private static final Duration BEFORE_TRYING_AGAIN = Duration.ofMillis(20);

    private final Route route;
    private final RedisErrors errors;

    RedisStore(Route route, RedisErrors errors) {
        this.route = route;
        this.errors = errors;
    }

    /** One server that stays the same. */
    RedisStore(Pool<Connection> pool, PoolOwner owner, RedisErrors errors) {
        this(new OneServer(new ServerPool(pool, owner, errors, () -> {})), errors);
    }

    void start(Executor ioExecutor) {
        route.start(ioExecutor);
    }

    RedisErrors errors() {
        return errors;
    }

    /** How wake-ups are published and subscribed to. */
    PubSub pubSub() {
        return route.pubSub();
    }

    /** What wakes waiters; to be closed before the store. */
    Waking wakeUps(BackendContext context, Duration callTimeout) {
        return route.wakeUps(context, callTimeout);
    }

    /** Runs a script, on the server of its first key; by its short name if the server knows it. */
    @Nullable
    Object eval(StoreCall call, Script script, List<String> keys, List<String> arguments) throws InterruptedException {
        return converse(call, keys.get(0), server -> server.eval(script, keys, arguments));
    }

    /** Runs one command, on the server of its key. */
    @Nullable
    Object command(StoreCall call, Command command) throws InterruptedException {
        return converse(call, command.key(), server -> server.command(command));
    }

    /** Runs commands of one key in one round trip. An error reply to one of them is among the replies; the others count. */
    List<?> commands(StoreCall call, List<Command> commands) throws InterruptedException {
        return converse(call, commands.get(0).key(), server -> server.commands(commands));
    }

    /** Says several things on one connection to the server of a key; from the start again where that sends us on to. */
    <T extends @Nullable Object> T converse(StoreCall call, String key, Function<Conversation, T> topic)
            throws InterruptedException {
        ServerPool server = route.serverOf(call, key);
        boolean asking = false;
        int redirections = 0;
        while (true) {
            try {
                return server.converse(call, asking, topic);
            } catch (JedisRedirectionException e) {
                Optional<ServerPool> next = route.follow(e);
                if (next.isEmpty() || ++redirections > MOST_REDIRECTIONS) {
                    throw errors.afterSending(call, e);
                }
                server = next.get();
                asking = RedisErrors.isAsk(e);
            } catch (JedisDataException e) {
                // "try again": the keys of a slot that moves are half here and half there for a moment
                pauseOrThrow(call, e);
            }
        }
    }

    private void pauseOrThrow(StoreCall call, JedisDataException e) throws InterruptedException {
        if (call.left().compareTo(BEFORE_TRYING_AGAIN) <= 0) {
            throw errors.afterSending(call, e);
        }
        LockSupport.parkNanos(BEFORE_TRYING_AGAIN.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted: " + call.what());
        }
    }

    /** The servers that keep locks, as far as they are known. */
    List<ServerPool> servers() {
        return route.servers();
    }

    /** The server of a key, for who needs a connection of its own to it. */
    ServerPool serverOf(String key) {
        return route.serverOf(StoreCall.begin("looking for the server of " + key, Duration.ofSeconds(2)), key);
    }

    @Override
    public void close() {
        route.close();
    }
}
