// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.servers.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Several real servers that know nothing of each other. Thread-safe. */
record RedlockServers(List<RedisServer> all) implements AutoCloseable {
    static RedlockServers start(int count) {
        var servers = new RedlockServers(new ArrayList<>());
        try {
            for (int i = 0; i < count; i++) {
                servers.all.add(RedisServer.start());
            }
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    String uri(String query) {
        return uri(all.stream().map(RedisServer::port).toList(), query);
    }

    static String uri(List<Integer> ports, String query) {
        return "redis://" + ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")) + "/0?"
                + query;
    }

    @Override
    public void close() {
        all.forEach(RedisServer::close);
    }
}
