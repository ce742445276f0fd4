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
 * A Redis master with a replica, watched by three sentinels that make the replica the master when the master has been
 * gone for a second; always processes of their own on the loopback address. Thread-safe.
 *
 * <p>Ready when {@link #start} returns: the replica is in step, and the sentinels know of it and of each other.
 */
public final class RedisSentinels implements AutoCloseable {
    /** What the sentinels call the master. */
    public static final String MASTER = "mymaster";

    private static final int SIZE = 3;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final List<RedisServer> servers;
    private final List<RedisServer> sentinels;
    private final @Nullable String sentinelPassword;

    private RedisSentinels(List<RedisServer> servers, List<RedisServer> sentinels, @Nullable String sentinelPassword) {
        this.servers = servers;
        this.sentinels = sentinels;
        this.sentinelPassword = sentinelPassword;
    }

    /** {@return two servers and three sentinels, all without passwords} */
    public static RedisSentinels start() {
        return start(null, null);
    }

    /**
     * Starts two servers and three sentinels that ask for passwords.
     *
     * @param password of the servers; without spaces and quotes
     * @param sentinelPassword of the sentinels; without spaces and quotes
     * @return ready to be used
     */
    public static RedisSentinels startWithPasswords(String password, String sentinelPassword) {
        return start(password, sentinelPassword);
    }

    private static RedisSentinels start(@Nullable String password, @Nullable String sentinelPassword) {
        var started = new RedisSentinels(new ArrayList<>(), new ArrayList<>(), sentinelPassword);
        try {
            started.launch(password);
            started.await("no replica in step, known to sentinels that know each other", started::isReady);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        } catch (IOException e) {
            started.close();
            throw new UncheckedIOException("the sentinels could not be started", e);
        }
    }

    private void launch(@Nullable String password) throws IOException {
        RedisServer master = server(password).start();
        servers.add(master);
        servers.add(
                server(password).setting("replicaof 127.0.0.1 " + master.port()).start());
        // sentinels ask the master for its replicas at their start, and not again for ten seconds
        await("the replica is not in step", this::isReplicated);
        for (int i = 0; i < SIZE; i++) {
            var recipe = new RedisSentinelRecipe(new RedisRecipe(sentinelSettings(master, password), null));
            sentinels.add(new RedisServer(ManagedServer.start(recipe, ServerMode.PROCESS, null), "redis://"));
        }
    }

    private static RedisServerBuilder server(@Nullable String password) {
        RedisServerBuilder builder = RedisServer.builder()
                .in(ServerMode.PROCESS)
                // at once, not after waiting five seconds for more replicas
                .setting("repl-diskless-sync-delay 0");
        return password == null ? builder : builder.password(password).setting("masterauth " + password);
    }

    private List<String> sentinelSettings(RedisServer master, @Nullable String password) {
        var lines = new ArrayList<>(List.of(
                "sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " 2",
                "sentinel down-after-milliseconds " + MASTER + " 1000",
                "sentinel failover-timeout " + MASTER + " 3000"));
        if (password != null) {
            lines.add("sentinel auth-pass " + MASTER + " " + password);
        }
        if (sentinelPassword != null) {
            lines.add("requirepass " + sentinelPassword);
            lines.add("sentinel sentinel-pass " + sentinelPassword);
        }
        return lines;
    }

    private boolean isReplicated() {
        return infoOf(servers.get(0), "replication").contains("state=online");
    }

    private boolean isReady() {
        return sentinels.stream().allMatch(sentinel -> {
            List<?> master = (List<?>) Objects.requireNonNull(ask(sentinel, "SENTINEL", "MASTER", MASTER));
            return valueOf(master, "num-other-sentinels").equals(Integer.toString(SIZE - 1))
                    && valueOf(master, "num-slaves").equals("1");
        });
    }

    private static String valueOf(List<?> pairs, String key) {
        return String.valueOf(pairs.get(pairs.indexOf(key) + 1));
    }

    /** {@return the server that most sentinels have for the master} */
    public RedisServer master() {
        return servers.stream()
                .filter(server -> sentinels.stream()
                                .filter(s -> masterPort(s) == server.port())
                                .count()
                        > SIZE / 2)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the sentinels do not agree on a master"));
    }

    /** {@return the other server} */
    public RedisServer replica() {
        RedisServer master = master();
        return servers.stream().filter(server -> server != master).findFirst().orElseThrow();
    }

    /** {@return the three, which can be stopped and killed like servers} */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /**
     * Waits until all sentinels that are alive have another server for the master.
     *
     * @param former the master before
     * @return the new master
     * @throws IllegalStateException if it does not come to that
     */
    public RedisServer awaitMasterOtherThan(RedisServer former) {
        await(
                "no other master",
                () -> sentinels.stream().filter(RedisServer::isAlive).allMatch(sentinel -> {
                    int port = masterPort(sentinel);
                    return port != 0 && port != former.port();
                }));
        return master();
    }

    /** {@return {@code redis://127.0.0.1:port,…?mode=sentinel&master=mymaster}, for a server without a password} */
    public String uri() {
        return "redis://" + hosts() + "?mode=sentinel&master=" + MASTER;
    }

    /** {@return the sentinels as {@code 127.0.0.1:port,…}} */
    public String hosts() {
        return sentinels.stream()
                .map(sentinel -> sentinel.host() + ":" + sentinel.port())
                .collect(Collectors.joining(","));
    }

    /** 0: it does not know, or does not answer. */
    private int masterPort(RedisServer sentinel) {
        if (!sentinel.isAlive()) {
            return 0;
        }
        try {
            List<?> address = (List<?>) ask(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER);
            return address == null ? 0 : Integer.parseInt(String.valueOf(address.get(1)));
        } catch (UncheckedIOException paused) {
            return 0;
        }
    }

    private @Nullable Object ask(RedisServer sentinel, String... words) {
        try {
            return RedisWords.ask(sentinel.port(), sentinelPassword, words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String infoOf(RedisServer server, String section) {
        try {
            return String.valueOf(RedisWords.ask(server.port(), server.password(), "INFO", section));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(String otherwise, BooleanSupplier condition) {
        try {
            if (!Waiting.until(condition, LIMIT)) {
                throw new IllegalStateException(otherwise + " within " + LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for sentinels", e);
        }
    }

    /** Ends all of them. Idempotent. */
    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        servers.forEach(RedisServer::close);
    }
}
