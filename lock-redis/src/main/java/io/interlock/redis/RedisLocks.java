// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.LockBackend;
import java.util.Optional;
import redis.clients.jedis.RedisClient;

/**
 * Backends around a {@link RedisClient} that the application already has: pass one to
 * {@link io.interlock.LockClient#of(LockBackend)}.
 *
 * <p>The client is never closed and its connections come back as they were. Each call borrows one of them for a round
 * trip; beside the pool, one connection is made, like those of the pool, when somebody first waits for a lock. A
 * connection that has to be made first takes the client's own connection timeout and not ours, so keep that short, and
 * keep the pool apart from long-running commands.
 */
public final class RedisLocks {
    private RedisLocks() {}

    /**
     * A backend with the default options.
     *
     * @param client stays the application's
     * @return a backend for one {@link io.interlock.LockClient}
     */
    public static LockBackend backend(RedisClient client) {
        return backend(client, RedisOptions.defaults());
    }

    /**
     * A backend. Does no I/O.
     *
     * @param client stays the application's
     * @param options how locks are kept
     * @return a backend for one {@link io.interlock.LockClient}
     */
    public static LockBackend backend(RedisClient client, RedisOptions options) {
        var errors = new RedisErrors("the application's client", Optional.empty());
        return new RedisBackend(new RedisStore(client.getPool(), PoolOwner.APPLICATION, errors), options);
    }
}
