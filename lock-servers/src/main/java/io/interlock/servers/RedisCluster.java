// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Redis cluster of three masters with a replica each, in processes of their own on the loopback address. A replica
 * takes over when its master has been gone for a second. Thread-safe.
 *
 * <p>Ready when {@link #start} returns: every slot is served and every replica in step.
 */
public final class RedisCluster implements AutoCloseable {
    /** How many slots a cluster has. */
    public static final int SLOTS = 16384;

    private static final int MASTERS = 3;
    private static final int PORT_ATTEMPTS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final List<RedisServer> nodes;

    private RedisCluster(List<RedisServer> nodes) {
        this.nodes = nodes;
    }

    /** {@return a running cluster of six nodes} */
    public static RedisCluster start() {
        for (int attempt = 1; ; attempt++) {
            var cluster = new RedisCluster(new ArrayList<>());
            try {
                cluster.launch();
                cluster.form();
                return cluster;
            } catch (PortTakenException e) {
                cluster.close();
                if (attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            } catch (RuntimeException e) {
                cluster.close();
                throw e;
            }
        }
    }

    private void launch() {
        for (int i = 0; i < 2 * MASTERS; i++) {
            nodes.add(RedisServer.builder()
                    .in(ServerMode.PROCESS)
                    .clusterNode()
                    .setting("cluster-node-timeout 1000")
                    .setting("repl-diskless-sync-delay 0")
                    .start());
        }
    }

    private void form() {
        for (int i = 0; i < MASTERS; i++) {
            int from = i * SLOTS / MASTERS;
            int to = (i + 1) * SLOTS / MASTERS - 1;
            ask(nodes.get(i), "CLUSTER", "ADDSLOTSRANGE", Integer.toString(from), Integer.toString(to));
        }
        for (int i = 0; i < nodes.size(); i++) {
            // different ones from the start, or the nodes would have to settle whose word counts
            ask(nodes.get(i), "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        RedisServer first = nodes.get(0);
        for (RedisServer node : nodes.subList(1, nodes.size())) {
            ask(first, "CLUSTER", "MEET", node.host(), Integer.toString(node.port()), busPort(node));
        }
        await("the nodes do not know each other", () -> nodes.stream().allMatch(this::knowsAll));
        for (int i = 0; i < MASTERS; i++) {
            ask(nodes.get(MASTERS + i), "CLUSTER", "REPLICATE", idOf(nodes.get(i)));
        }
        await(
                "not every slot is served, or not every replica in step",
                () -> nodes.stream().allMatch(node -> isOk(node) && isInStep(node)));
        // the replicas of a master must be known to all, or they would not get the votes of the others
        await("not every replica is known", () -> nodes.stream().allMatch(this::knowsAllReplicas));
    }

    private static String busPort(RedisServer node) {
        return String.valueOf(list(node, "CONFIG", "GET", "cluster-port").get(1));
    }

    private boolean knowsAll(RedisServer node) {
        return infoOf(node).contains("cluster_known_nodes:" + nodes.size());
    }

    private boolean knowsAllReplicas(RedisServer node) {
        long replicas = text(node, "CLUSTER", "NODES")
                .lines()
                .filter(line -> line.contains("slave"))
                .count();
        return replicas == MASTERS;
    }

    private static boolean isOk(RedisServer node) {
        return infoOf(node).contains("cluster_state:ok");
    }

    private static boolean isInStep(RedisServer node) {
        String replication = text(node, "INFO", "replication");
        return replication.contains("role:master")
                ? replication.contains("state=online")
                : replication.contains("master_link_status:up");
    }

    private static String infoOf(RedisServer node) {
        return text(node, "CLUSTER", "INFO");
    }

    /** {@return the six, masters first, as they were at the start} */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * Finds who serves a slot.
     *
     * @param slot from 0 to 16383
     * @return the master of the slot now, in the eyes of most nodes that are alive
     * @throws IllegalStateException if they do not agree within half a minute
     */
    public RedisServer masterOf(int slot) {
        var found = new ArrayList<RedisServer>();
        await("the nodes do not agree on the master of slot " + slot, () -> {
            found.clear();
            found.addAll(agreed(slot));
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** {@return who is alive, and the master of the slot in the eyes of all that are alive; empty: they do not agree} */
    private List<RedisServer> agreed(int slot) {
        List<Integer> ports = nodes.stream()
                .filter(RedisServer::isAlive)
                .map(node -> portOfMaster(node, slot))
                .distinct()
                .toList();
        return nodes.stream()
                .filter(node -> ports.equals(List.of(node.port())) && node.isAlive())
                .toList();
    }

    private static int portOfMaster(RedisServer node, int slot) {
        try {
            for (Object range : list(node, "CLUSTER", "SLOTS")) {
                List<?> parts = (List<?>) range;
                if ((Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
                    return ((Long) ((List<?>) parts.get(2)).get(1)).intValue();
                }
            }
            return 0;
        } catch (UncheckedIOException paused) {
            return 0;
        }
    }

    /**
     * Waits until another node than before serves a slot.
     *
     * @param slot from 0 to 16383
     * @param former its master before
     * @return its master now
     */
    public RedisServer awaitMasterOtherThan(RedisServer former, int slot) {
        await("nobody took over slot " + slot, () -> {
            List<RedisServer> now = agreed(slot);
            return !now.isEmpty() && now.get(0) != former && isOk(now.get(0));
        });
        return masterOf(slot);
    }

    /**
     * Begins to move a slot: from now on its old master sends who asks for a key that it has no more, or not yet, to the
     * new one.
     *
     * @param slot from 0 to 16383
     * @param to a master
     */
    public void beginMove(int slot, RedisServer to) {
        RedisServer from = masterOf(slot);
        ask(to, "CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", idOf(from));
        ask(from, "CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", idOf(to));
    }

    /**
     * Moves the keys that the slot has by now.
     *
     * @param slot one that is being moved
     * @param to where to
     */
    public void moveKeys(int slot, RedisServer to) {
        RedisServer from = masterOf(slot);
        for (Object key : list(from, "CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "1000")) {
            ask(from, "MIGRATE", to.host(), Integer.toString(to.port()), String.valueOf(key), "0", "5000");
        }
    }

    /**
     * Ends the move of a slot, whose keys were moved before.
     *
     * @param slot one that is being moved
     * @param to its new master
     */
    public void endMove(int slot, RedisServer to) {
        // the new master first: a slot that nobody has would be worse than one that two have for a moment
        RedisServer from = masterOf(slot);
        ask(to, "CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", idOf(to));
        ask(from, "CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", idOf(to));
        await("the nodes do not know of the move", () -> agreed(slot).equals(List.of(to)));
    }

    /**
     * Moves a slot with its keys from one master to another.
     *
     * @param slot from 0 to 16383
     * @param to a master
     */
    public void move(int slot, RedisServer to) {
        beginMove(slot, to);
        moveKeys(slot, to);
        endMove(slot, to);
    }

    /** {@return {@code redis://127.0.0.1:port,…?mode=cluster} of the three that were masters at the start} */
    public String uri() {
        return nodes.subList(0, MASTERS).stream()
                .map(node -> node.host() + ":" + node.port())
                .collect(Collectors.joining(",", "redis://", "?mode=cluster"));
    }

    private static String idOf(RedisServer node) {
        return text(node, "CLUSTER", "MYID");
    }

    private static String text(RedisServer node, String... words) {
        return String.valueOf(ask(node, words));
    }

    private static List<?> list(RedisServer node, String... words) {
        return (List<?>) Objects.requireNonNull(ask(node, words));
    }

    private static @Nullable Object ask(RedisServer node, String... words) {
        try {
            return RedisWords.ask(node.port(), null, words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(String otherwise, BooleanSupplier condition) {
        try {
            if (!Waiting.until(condition, LIMIT)) {
                throw new IllegalStateException(otherwise + " within " + LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a cluster", e);
        }
    }

    /** Ends all nodes and removes their data. Idempotent. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
