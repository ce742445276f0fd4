// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.tck.StoreInspector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** Looks at the nodes, watches and connections of one ensemble. Thread-safe. */
final class ZooKeeperInspector implements StoreInspector {
    // not List.of, which ZooKeeper asks whether it contains null
    private static final List<ACL> OPEN = Collections.singletonList(new ACL(Perms.ALL, new Id("world", "anyone")));
    private static final String STRANGER = "f".repeat(32);

    private final ZooKeeperShell shell;
    private final ZooKeeperOptions options;
    private final ScheduledExecutorService thief = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "tck-thief");
        thread.setDaemon(true);
        return thread;
    });

    ZooKeeperInspector(ZooKeeperShell shell, ZooKeeperOptions options) {
        this.shell = shell;
        this.options = options;
    }

    /** The contenders: the holder's node, and one of each waiter. */
    @Override
    public int entries(String name) {
        return line(name).size();
    }

    /** The lock's own node, which keeps the last token until the servers remove it. */
    @Override
    public int counters(String name) {
        return exists(paths(name).lock()) ? 1 : 0;
    }

    /** Those that watch their predecessor: a node alone may belong to somebody who has not looked yet. */
    @Override
    public OptionalInt waiters(String name) {
        return OptionalInt.of(watches(paths(name).lock() + "/"));
    }

    /** A grant lives as long as a session. */
    @Override
    public Optional<Duration> timeToLive(String name) {
        return Optional.empty();
    }

    @Override
    public Map<String, String> frozenKeys() {
        String root = options.base().equals("/") ? "" : options.base();
        return Map.of(
                "orders/42", root + "/default/orders%2F42",
                "größe {7}", root + "/default/gr%C3%B6%C3%9Fe%20%7B7%7D",
                "a:b", root + "/default/a%3Ab",
                "..", root + "/default/%2E%2E");
    }

    /** The node of a lock stays for a while when its last contender has left, and is no entry then. */
    @Override
    public boolean hasKey(String key) {
        return !lineAt(key).isEmpty();
    }

    private boolean exists(String path) {
        return shell.ask(client -> client.exists(path, false)) != null;
    }

    /** Signs of life of sessions are among them; and those of the shell's own, which nobody counts. */
    @Override
    public long commandCount() {
        return shell.sum("srvr", "Received") - shell.requests();
    }

    /** Those that have a session: whoever asks for counters has none. */
    @Override
    public int connections() {
        String own = "sid=0x" + Long.toHexString(shell.session());
        return (int) shell.word("cons")
                .lines()
                .filter(line -> line.contains("sid=0x") && !line.contains(own + ","))
                .count();
    }

    @Override
    public int subscriptions() {
        return watches(options.base());
    }

    /** Below the path of each watched node the servers tell a line for every session that watches it. */
    private int watches(String prefix) {
        int watches = 0;
        boolean ours = false;
        for (String line : shell.word("wchp").lines().toList()) {
            if (line.startsWith("/")) {
                ours = line.startsWith(prefix);
            } else if (ours && line.strip().startsWith("0x")) {
                watches++;
            }
        }
        return watches;
    }

    /** In the holder's very place, so that whoever waits goes on waiting; not later than its session it is gone. */
    @Override
    public boolean steal(String name, Duration lease) {
        List<ContenderNode> line = line(name);
        if (line.isEmpty()) {
            return false;
        }
        ContenderNode holder = line.get(0);
        String place = paths(name).child(holder.name());
        String stolen = place.replace(holder.owner(), STRANGER);
        byte[] record = shell.ask(client -> client.getData(place, false, null));
        shell.ask(client ->
                client.multi(List.of(Op.delete(place, -1), Op.create(stolen, record, OPEN, CreateMode.EPHEMERAL))));
        thief.schedule(() -> shell.ask(client -> remove(client, stolen)), lease.toNanos(), TimeUnit.NANOSECONDS);
        return true;
    }

    @Override
    public boolean delete(String name) {
        List<ContenderNode> line = line(name);
        return !line.isEmpty()
                && shell.ask(
                        client -> remove(client, paths(name).child(line.get(0).name())));
    }

    private static boolean remove(ZooKeeper client, String path) throws KeeperException, InterruptedException {
        try {
            client.delete(path, -1);
            return true;
        } catch (KeeperException.NoNodeException gone) {
            return false;
        }
    }

    /** What the end of its session does to an entry; the session itself is only its owner's to end. */
    @Override
    public boolean expire(String name) {
        return delete(name);
    }

    /** Watches have no connections of their own. */
    @Override
    public void killSubscriptions() {}

    @Override
    public Foreign foreign() {
        String root = options.base();
        if (!exists(root)) {
            put(root);
        }
        List<String> nodes = List.of("/foreign-" + UUID.randomUUID(), root + "/foreign-" + UUID.randomUUID());
        nodes.forEach(this::put);
        return new Foreign() {
            @Override
            public boolean isUntouched() {
                return nodes.stream()
                        .map(this::stat)
                        .allMatch(stat -> stat != null
                                && stat.getMzxid() == stat.getCzxid()
                                && stat.getPzxid() == stat.getCzxid()
                                && stat.getAversion() == 0);
            }

            private Stat stat(String node) {
                return shell.ask(client -> client.exists(node, false));
            }

            @Override
            public void close() {
                nodes.forEach(node -> shell.ask(client -> remove(client, node)));
            }
        };
    }

    private void put(String node) {
        byte[] data = "untouched".getBytes(StandardCharsets.UTF_8);
        shell.ask(client -> client.create(node, data, OPEN, CreateMode.PERSISTENT));
    }

    private LockPaths paths(String name) {
        return LockPaths.of(options.base(), options.namespace(), name);
    }

    private List<ContenderNode> line(String name) {
        return lineAt(paths(name).lock());
    }

    private List<ContenderNode> lineAt(String path) {
        return shell.ask(client -> {
            try {
                return ContenderNode.inLine(client.getChildren(path, false));
            } catch (KeeperException.NoNodeException never) {
                return List.of();
            }
        });
    }

    @Override
    public void close() {
        thief.shutdownNow();
        shell.close();
    }
}
