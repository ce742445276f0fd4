// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Three ZooKeeper servers that elect a leader among themselves, each in a JVM of its own on the loopback address; always
 * processes, since containers would need a network of their own. Thread-safe.
 *
 * <p>Ready when {@link #start} returns: one leads and the others follow. Takes its data along when it is closed.
 */
public final class ZooKeeperEnsemble implements AutoCloseable {
    private static final int SIZE = 3;
    private static final int ATTEMPTS = 3;
    private static final Duration ELECTION_LIMIT = Duration.ofSeconds(30);

    private final List<ZooKeeperServer> members;

    private ZooKeeperEnsemble(List<ZooKeeperServer> members) {
        this.members = List.copyOf(members);
    }

    /**
     * Starts three servers with the default settings.
     *
     * @param settings more lines for each server's configuration file
     * @return ready to be used
     * @throws IllegalStateException if a server does not start, or no leader is elected within half a minute
     */
    public static ZooKeeperEnsemble start(String... settings) {
        for (int attempt = 1; ; attempt++) {
            var started = new ArrayList<ZooKeeperServer>();
            try {
                launch(List.of(settings), started);
                var ensemble = new ZooKeeperEnsemble(started);
                ensemble.awaitQuorum();
                return ensemble;
            } catch (IllegalStateException e) {
                // somebody was quicker on a port: on that for clients, or on one for the others, which nobody tells
                started.forEach(ZooKeeperServer::close);
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (RuntimeException e) {
                started.forEach(ZooKeeperServer::close);
                throw e;
            } catch (IOException e) {
                started.forEach(ZooKeeperServer::close);
                throw new UncheckedIOException("ZooKeeper could not be started", e);
            }
        }
    }

    private static void launch(List<String> settings, List<ZooKeeperServer> started) throws IOException {
        var lines = new ArrayList<>(settings);
        for (int member = 1; member <= SIZE; member++) {
            lines.add("server." + member + "=127.0.0.1:" + FreePort.find() + ":" + FreePort.find());
        }
        for (int member = 1; member <= SIZE; member++) {
            var recipe = new ZooKeeperRecipe(
                    ZooKeeperServerBuilder.TICK, ZooKeeperServerBuilder.CONTAINER_CHECK, lines, OptionalInt.of(member));
            started.add(new ZooKeeperServer(ManagedServer.start(recipe, ServerMode.PROCESS, null)));
        }
    }

    /** {@return the three, in the order of their numbers} */
    public List<ZooKeeperServer> members() {
        return members;
    }

    /** {@return {@code 127.0.0.1:port,127.0.0.1:port,127.0.0.1:port}, as ZooKeeper's clients want it} */
    public String address() {
        return members.stream().map(ZooKeeperServer::address).collect(Collectors.joining(","));
    }

    /** {@return {@code zookeeper://} and the address} */
    public String uri() {
        return "zookeeper://" + address();
    }

    /**
     * Finds the leader, and waits for the end of an election.
     *
     * @return the member that leads now
     * @throws IllegalStateException if none does within half a minute
     */
    public ZooKeeperServer leader() {
        await("no leader", () -> find("leader").size() == 1);
        return find("leader").get(0);
    }

    /** {@return the members that follow a leader now} */
    public List<ZooKeeperServer> followers() {
        return find("follower");
    }

    /**
     * Waits until one member leads and all others that are alive follow it.
     *
     * @throws IllegalStateException if it does not come to that within half a minute
     */
    public void awaitQuorum() {
        await("no quorum of all that are alive", () -> {
            long alive = members.stream().filter(ZooKeeperServer::isAlive).count();
            return find("leader").size() == 1 && find("follower").size() == alive - 1;
        });
    }

    private List<ZooKeeperServer> find(String mode) {
        return members.stream()
                .filter(member -> member.isAlive() && modeOf(member).equals(mode))
                .toList();
    }

    private static String modeOf(ZooKeeperServer member) {
        try {
            return member.ask("srvr")
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse("none");
        } catch (UncheckedIOException paused) {
            return "none";
        }
    }

    private static void await(String otherwise, BooleanSupplier condition) {
        try {
            if (!Waiting.until(condition, ELECTION_LIMIT)) {
                throw new IllegalStateException(otherwise + " within " + ELECTION_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ZooKeeper elected a leader", e);
        }
    }

    /** Ends all members and removes their data. Idempotent. */
    @Override
    public void close() {
        members.forEach(ZooKeeperServer::close);
    }
}
