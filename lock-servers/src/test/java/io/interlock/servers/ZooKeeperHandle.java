// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** One session of ZooKeeper's own client. */
final class ZooKeeperHandle implements AutoCloseable {
    // not ZooDefs.Ids: its class file names an annotation that is not there, and the compiler warns of that; and not
    // List.of, which ZooKeeper asks whether it contains null
    private static final List<ACL> OPEN = Collections.singletonList(new ACL(Perms.ALL, new Id("world", "anyone")));

    private final ZooKeeper client;

    private ZooKeeperHandle(ZooKeeper client) {
        this.client = client;
    }

    static ZooKeeperHandle connect(String address) throws Exception {
        var connected = new CountDownLatch(1);
        var client = new ZooKeeper(address, 5_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(15, TimeUnit.SECONDS)) {
            client.close();
            throw new IllegalStateException("not connected to " + address);
        }
        return new ZooKeeperHandle(client);
    }

    ZooKeeper client() {
        return client;
    }

    void create(String path) throws KeeperException, InterruptedException {
        create(path, CreateMode.PERSISTENT);
    }

    void create(String path, CreateMode mode) throws KeeperException, InterruptedException {
        client.create(path, new byte[0], OPEN, mode);
    }

    boolean exists(String path) throws KeeperException, InterruptedException {
        return client.exists(path, false) != null;
    }

    /** {@return whether the node is there, as a session of its own sees it} */
    static boolean existsAt(String address, String path) throws Exception {
        try (var handle = connect(address)) {
            return handle.exists(path);
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
    }
}
