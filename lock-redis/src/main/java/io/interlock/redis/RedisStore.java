// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.Pool;

/**
 * The way to the server: every call borrows a connection, ends within its time, and gives the connection back as it
 * was. Nothing is ever sent twice, except a script of which the server said that it does not know it. Thread-safe.
 */
final class RedisStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

    /** What becomes of a connection, and of the idle ones beside it, after an exchange. */
    private enum After {
        KEEP,
        DROP,
        DROP_ALL
    }

    private final Pool<Connection> pool;
    private final PoolOwner owner;
    private final RedisErrors errors;

    /** Where connections are replaced: the pool makes a new one for each that it drops, which may hang. Set by start. */
    private volatile Executor background = Runnable::run;

    RedisStore(Pool<Connection> pool, PoolOwner owner, RedisErrors errors) {
        this.pool = pool;
        this.owner = owner;
        this.errors = errors;
    }

    void start(Executor ioExecutor) {
        background = ioExecutor;
    }

    RedisErrors errors() {
        return errors;
    }

    /** Runs a script; by its short name if the server knows it. */
    @Nullable
    Object eval(StoreCall call, Script script, List<String> keys, List<String> arguments) throws InterruptedException {
        return exchange(call, connection -> {
            try {
                return send(connection, "EVALSHA", scriptArguments(script.sha(), keys, arguments));
            } catch (RuntimeException e) {
                // NOSCRIPT proves that nothing ran, so that even a granting script may be sent once more
                if (!RedisErrors.isNoScript(e)) {
                    throw e;
                }
                connection.setSoTimeout(call.leftMillis());
                return send(connection, "EVAL", scriptArguments(script.source(), keys, arguments));
            }
        });
    }

    /** Runs one command. */
    @Nullable
    Object command(StoreCall call, Command command) throws InterruptedException {
        return exchange(call, connection -> send(connection, command.verb(), command.arguments()));
    }

    /** Runs commands in one round trip. An error reply to one of them is among the replies; the others count. */
    List<?> commands(StoreCall call, List<Command> commands) throws InterruptedException {
        return exchange(call, connection -> {
            for (var command : commands) {
                sendOnly(connection, command.verb(), command.arguments());
            }
            return connection.getMany(commands.size());
        });
    }

    /** A connection of its own, made like those of the pool but not one of them; the caller closes it. */
    Connection newConnection() throws Exception {
        return pool.getFactory().makeObject().getObject();
    }

    @Override
    public void close() {
        owner.close(pool);
    }

    private <T extends @Nullable Object> T exchange(StoreCall call, Function<Connection, T> exchange)
            throws InterruptedException {
        Connection connection = borrow(call);
        int soTimeout = connection.getSoTimeout();
        var after = After.DROP;
        try {
            if (call.isOver()) {
                after = After.KEEP;
                throw errors.tooLate(call);
            }
            connection.setSoTimeout(call.leftMillis());
            T reply = exchange.apply(connection);
            after = afterReply(reply);
            return reply;
        } catch (LockBackendException e) {
            throw e;
        } catch (RuntimeException e) {
            passOnInterrupt(call, e);
            after = afterFailure(e);
            throw errors.afterSending(call, e);
        } finally {
            giveBack(connection, soTimeout, connection.isBroken() && after == After.KEEP ? After.DROP_ALL : after);
        }
    }

    /** On a virtual thread an interrupt closes the socket, and looks like a connection that broke. */
    private static void passOnInterrupt(StoreCall call, Exception e) throws InterruptedException {
        boolean replied = e instanceof RuntimeException failure && RedisErrors.isReply(failure);
        if (!replied && Thread.interrupted()) {
            throw new InterruptedException("interrupted: " + call.what());
        }
    }

    private static After afterReply(@Nullable Object reply) {
        // a replica: the address leads, or will lead, to another server, but these connections never will
        return RedisErrors.isOfReplica(reply) ? After.DROP_ALL : After.KEEP;
    }

    private static After afterFailure(RuntimeException e) {
        if (RedisErrors.isReply(e)) {
            return afterReply(e);
        }
        return RedisErrors.isTimeout(e) ? After.DROP : After.DROP_ALL;
    }

    private Connection borrow(StoreCall call) throws InterruptedException {
        try {
            return owner.borrow(pool, call);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            passOnInterrupt(call, e);
            throw errors.beforeSending(call, e);
        }
    }

    /** Never throws: what the store answered counts, whatever becomes of the connection. */
    private void giveBack(Connection connection, int soTimeout, After after) {
        if (after == After.DROP_ALL) {
            owner.connectionFailed(pool);
        }
        if (after != After.KEEP) {
            drop(connection);
            return;
        }
        try {
            // the application that owns the pool relies on the timeout that it has set
            connection.setSoTimeout(soTimeout);
            pool.returnObject(connection);
        } catch (RuntimeException e) {
            LOG.debug("could not give back a connection to {}: {}", errors.address(), errors.shown(e));
            drop(connection);
        }
    }

    private void drop(Connection connection) {
        try {
            background.execute(() -> invalidate(connection));
        } catch (RejectedExecutionException closed) {
            invalidate(connection);
        }
    }

    private void invalidate(Connection connection) {
        try {
            pool.invalidateObject(connection);
        } catch (Exception e) {
            LOG.debug("could not replace a connection to {}: {}", errors.address(), errors.shown(e));
        }
    }

    private static @Nullable Object send(Connection connection, String verb, List<String> arguments) {
        sendOnly(connection, verb, arguments);
        return connection.getOne();
    }

    private static void sendOnly(Connection connection, String verb, List<String> arguments) {
        connection.sendCommand(Protocol.Command.valueOf(verb), arguments.toArray(String[]::new));
    }

    private static List<String> scriptArguments(String script, List<String> keys, List<String> arguments) {
        var all = new ArrayList<String>(2 + keys.size() + arguments.size());
        all.add(script);
        all.add(Integer.toString(keys.size()));
        all.addAll(keys);
        all.addAll(arguments);
        return all;
    }
}
