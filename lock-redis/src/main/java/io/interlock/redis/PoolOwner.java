// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import redis.clients.jedis.Connection;
import redis.clients.jedis.util.Pool;

/** Whose pool it is, and so what may be done with it. Thread-safe. */
interface PoolOwner {
    /** The application's pool: borrowed from and given back to, never cleared, never closed. */
    PoolOwner APPLICATION = new PoolOwner() {
        @Override
        public Connection borrow(Pool<Connection> pool, StoreCall call) throws Exception {
            return pool.borrowObject(call.left());
        }

        @Override
        public void connectionFailed(Pool<Connection> pool) {}

        @Override
        public void close(Pool<Connection> pool) {}
    };

    /** Waits for a connection no longer than the call may take. */
    Connection borrow(Pool<Connection> pool, StoreCall call) throws Exception;

    /** A connection broke, or leads to a replica: so do the idle ones, most likely. */
    void connectionFailed(Pool<Connection> pool);

    /** Ends the pool if it is ours. */
    void close(Pool<Connection> pool);
}
