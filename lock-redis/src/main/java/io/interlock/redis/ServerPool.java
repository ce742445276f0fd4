// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.util.Pool;

/**
 * The connections to one server: every call borrows one, ends within its time, and gives it back as it was. Thread-safe.
 */
final class ServerPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerPool.class);

    /** What becomes of a connection, and of the idle ones beside it, after a conversation. */
    private enum After {
        KEEP,
        DROP,
        DROP_ALL
    }

    private final Pool<Connection> pool;
    private final PoolOwner owner;
    private final RedisErrors errors;
    private final Runnable trouble;

    /** Where connections are replaced: the pool makes a new one for each that it drops, which may hang. Set by start. */
    private volatile Executor background = Runnable::run;

    /**
     * The connections of a pool.
     *
     * @param trouble run, often in a row, when the server can't be reached, does not answer, is a replica, or is cut off
     *     from its cluster; must not block
     */
    ServerPool(Pool<Connection> pool, PoolOwner owner, RedisErrors errors, Runnable trouble) {
        this.pool = pool;
        this.owner = owner;
        this.errors = errors;
        this.trouble = trouble;
    }

    void start(Executor ioExecutor) {
        background = ioExecutor;
    }

    RedisErrors errors() {
        return errors;
    }

    /** A connection of its own, made like those of the pool but not one of them; the caller closes it. */
    Connection newConnection() throws Exception {
        try {
            return pool.getFactory().makeObject().getObject();
        } catch (Exception e) {
            trouble.run();
            throw e;
        }
    }

    /**
     * Lends a connection to a conversation.
     *
     * @param asking see {@link Conversation}
     * @throws redis.clients.jedis.exceptions.JedisDataException untranslated, if nothing was carried out because it
     *     {@linkplain RedisErrors#isElsewhere belongs elsewhere}
     */
    <T extends @Nullable Object> T converse(StoreCall call, boolean asking, Function<Conversation, T> topic)
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
            T reply = topic.apply(new Conversation(connection, call, errors, asking));
            after = afterReply(reply);
            return reply;
        } catch (LockBackendException e) {
            throw e;
        } catch (RuntimeException e) {
            if (RedisErrors.isElsewhere(e)) {
                after = After.KEEP;
                throw e;
            }
            passOnInterrupt(call, e);
            if (RedisErrors.isCutOff(e)) {
                trouble.run();
            }
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
            trouble.run();
            throw errors.beforeSending(call, e);
        }
    }

    /** Never throws: what the store answered counts, whatever becomes of the connection. */
    private void giveBack(Connection connection, int soTimeout, After after) {
        if (after == After.DROP_ALL) {
            owner.connectionFailed(pool);
        }
        if (after != After.KEEP) {
            trouble.run();
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

    /** Ends the idle connections. */
    void forget() {
        owner.connectionFailed(pool);
    }

    /** Whether nobody has or waits for a connection. */
    boolean isUnused() {
        return pool.getNumActive() == 0 && pool.getNumWaiters() == 0;
    }

    @Override
    public void close() {
        owner.close(pool);
    }
}
