// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.servers.MariaDbServer;
import io.interlock.servers.RedisServer;
import io.interlock.servers.SqlServer;
import io.interlock.servers.ZooKeeperServer;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The stores to compare on: those that the user names, or one of each kind of our own that ends with the comparison. */
record Stores(List<String> uris, List<AutoCloseable> own) implements AutoCloseable {
    private static final int REDLOCK_NODES = 3;

    static Stores open(List<String> named) {
        if (!named.isEmpty()) {
            return new Stores(List.copyOf(named), List.of());
        }
        var stores = new Stores(new ArrayList<>(), new ArrayList<>());
        try {
            RedisServer redis = RedisServer.start();
            stores.own.add(redis);
            stores.uris.add(redis.uri());
            stores.uris.add(stores.startRedlock());
            ZooKeeperServer zooKeeper = ZooKeeperServer.start();
            stores.own.add(zooKeeper);
            stores.uris.add(zooKeeper.uri());
            // as a database is used: what it has answered is on the disk
            SqlServer mariaDb = MariaDbServer.builder().durable().start();
            stores.own.add(mariaDb);
            stores.uris.add(mariaDb.uri("schema=create"));
            return stores;
        } catch (RuntimeException e) {
            stores.close();
            throw e;
        }
    }

    /** Three servers that know nothing of each other; they have only just been started, and hold no locks from before. */
    private String startRedlock() {
        var hosts = new StringJoiner(",", "redis://", "?variant=redlock&restartDelay=0s");
        for (int i = 0; i < REDLOCK_NODES; i++) {
            RedisServer node = RedisServer.start();
            own.add(node);
            hosts.add(node.host() + ":" + node.port());
        }
        return hosts.toString();
    }

    @Override
    public void close() {
        for (AutoCloseable server : own) {
            try {
                server.close();
            } catch (Exception e) { // declared so; ours throw nothing checked
                throw new IllegalStateException("a server did not end", e);
            }
        }
    }
}
