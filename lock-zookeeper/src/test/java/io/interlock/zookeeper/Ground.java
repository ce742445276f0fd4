// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockClient;
import io.interlock.servers.ZooKeeperServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.ZooKeeper;

/** A real server, a look into it, and a hand in it; with a namespace of its own for each test. */
final class Ground implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ZooKeeperServer server;
    private final String namespace = "t" + COUNT.incrementAndGet();
    private final CuratorFramework hand;
    private final List<AutoCloseable> opened = new ArrayList<>();

    private Ground(ZooKeeperServer server) {
        this.server = server;
        hand = framework(60_000);
    }

    private static final class Shared {
        static final ZooKeeperServer SERVER = start(); // ends with this JVM
    }

    /** On a server that other tests use too: neither stop it nor slow it down. */
    static Ground shared() {
        return new Ground(Shared.SERVER);
    }

    /** On a server of its own. */
    static Ground alone() {
        ZooKeeperServer server = start();
        var ground = new Ground(server);
        ground.opened.add(server); // closed last
        return ground;
    }

    /** Sessions may be long although the ticks are short. */
    private static ZooKeeperServer start() {
        return ZooKeeperServer.builder().setting("maxSessionTimeout=60000").start();
    }

    ZooKeeperServer server() {
        return server;
    }

    String namespace() {
        return namespace;
    }

    /** The URI of this test's namespace. */
    String uri(String more) {
        return server.uri("namespace=" + namespace + more);
    }

    LockClient client() {
        return client("&session=10s");
    }

    LockClient client(String more) {
        return keep(LockClient.open(uri(more)));
    }

    /** An application's client, with its own session. */
    CuratorFramework framework(int sessionMillis) {
        CuratorFramework client = keep(CuratorFrameworkFactory.newClient(
                server.address(), sessionMillis, Math.min(sessionMillis, 5_000), new RetryOneTime(100)));
        client.start();
        try {
            client.blockUntilConnected();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return client;
    }

    <T extends AutoCloseable> T keep(T closeable) {
        opened.add(0, closeable);
        return closeable;
    }

    CuratorFramework hand() {
        return hand;
    }

    LockPaths paths(String name) {
        return LockPaths.of("/interlock", namespace, name);
    }

    /** The contenders of a lock, the first in line first; none if there is no such lock. */
    List<ContenderNode> line(String name) throws Exception {
        return ContenderNode.inLine(children(paths(name).lock()));
    }

    List<String> children(String path) throws Exception {
        return exists(path) ? hand.getChildren().forPath(path) : List.of();
    }

    boolean exists(String path) throws Exception {
        return hand.checkExists().forPath(path) != null;
    }

    Optional<Fence> fence(String name) throws Exception {
        return Fence.parse(new String(hand.getData().forPath(paths(name).lock()), StandardCharsets.US_ASCII));
    }

    void fence(String name, String text) throws Exception {
        hand.setData().forPath(paths(name).lock(), text.getBytes(StandardCharsets.US_ASCII));
    }

    void delete(String name, ContenderNode node) throws Exception {
        hand.delete().forPath(paths(name).child(node.name()));
    }

    void create(String path) throws Exception {
        hand.create().creatingParentsIfNeeded().withMode(CreateMode.PERSISTENT).forPath(path, new byte[0]);
    }

    /** A contender's node, as another client of this library makes it. */
    String queue(String name, String ownerId) throws Exception {
        return hand.create()
                .creatingParentContainersIfNeeded()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath(paths(name).contender(ownerId), new byte[0]);
    }

    /** How many watches the server has on a path. */
    long watches(String path) {
        return server.ask("wchp")
                .lines()
                .dropWhile(line -> !line.equals(path))
                .skip(1)
                .takeWhile(line -> line.startsWith("\t"))
                .count();
    }

    /** Ends the session of the first in line, as the ensemble does; its client hears of it later. */
    void endSessionOf(CuratorFramework client) throws Exception {
        ZooKeeper zk = client.getZookeeperClient().getZooKeeper();
        var taken = new ZooKeeper(
                server.address(), 10_000, (WatchedEvent event) -> {}, zk.getSessionId(), zk.getSessionPasswd());
        try {
            while (!taken.getState().isConnected()) {
                Thread.onSpinWait();
            }
        } finally {
            taken.close();
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }
}
