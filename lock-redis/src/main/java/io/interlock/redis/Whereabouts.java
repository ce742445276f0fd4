// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;

/** Where a server is to be found, asked for each connection that is made. Thread-safe. */
interface Whereabouts {
    /** The present address; what it takes to find it comes out of the call's time. */
    HostAndPort find(StoreCall call);

    /** Whether a connection that was made to an address still leads to the server. */
    default boolean isAt(HostAndPort address) {
        return true;
    }

    /** Closes and refuses a new connection that does not lead to the server after all. */
    default void check(Connection made) {}
}
