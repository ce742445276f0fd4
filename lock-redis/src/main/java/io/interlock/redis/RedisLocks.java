// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.LockBackend;
import java.util.ArrayList;
import java.util.List;
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
 *
 * <p>The client is one of a single server. For sentinels and clusters open a URI ({@code mode=sentinel},
 * {@code mode=cluster}): the client library's own clients for these repeat commands, which a lock must not.
 */
public final class RedisLocks {
    /** How many calls of one node may be under way; the application's pool has a bound of its own. */
    private static final int CALLS = 8;

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

    /**
     * A backend of variant {@code redlock}, around clients of independent servers. Asks each server who it is when the
     * backend is first used; two clients of one server have one vote.
     *
     * @param nodes an odd number of clients, from 3 to 9, that stay the application's
     * @param options how locks are kept; the variant is not looked at
     * @param quorum how the nodes are asked
     * @return a backend for one {@link io.interlock.LockClient}
     * @throws IllegalArgumentException if the number of nodes is another one
     */
    public static LockBackend redlock(List<RedisClient> nodes, RedisOptions options, RedlockOptions quorum) {
        RedlockConnector.requireNodes(nodes.size()).ifPresent(wrong -> {
            throw new IllegalArgumentException("nodes: " + wrong);
        });
        List<RedisStore> stores = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            var errors = new RedisErrors("the application's client " + (i + 1), Optional.empty());
            stores.add(new RedisStore(nodes.get(i).getPool(), PoolOwner.APPLICATION, errors));
        }
        return RedlockConnector.backend(stores, options, quorum, CALLS);
    }
}
