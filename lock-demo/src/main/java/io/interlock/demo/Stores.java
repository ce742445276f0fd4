// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.servers.RedisServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stores to compare on: those that the user names, or a Redis of our own that ends with the comparison. */
record Stores(List<String> uris, @Nullable RedisServer own) implements AutoCloseable {
    static Stores open(List<String> named) {
        if (!named.isEmpty()) {
            return new Stores(List.copyOf(named), null);
        }
        RedisServer server = RedisServer.start();
        return new Stores(List.of(server.uri()), server);
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
