// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/** One session beside the code under test, and the servers' own counters. Thread-safe. */
final class ZooKeeperShell implements AutoCloseable {
    private static final Duration SESSION = Duration.ofSeconds(30);
    private static final int PATIENCE_MILLIS = 5_000;
    /** What the kit asks; an ensemble answers only what it was told to. */
    private static final List<String> WORDS = List.of("srvr", "cons", "wchp");

    private final List<InetSocketAddress> servers;
    private final ZooKeeper client;
    private final AtomicLong requests = new AtomicLong();

    ZooKeeperShell(LockConfig config) {
        servers = config.hosts(ZooKeeperSettings.DEFAULT_PORT);
        client = connect(config);
    }

    private static ZooKeeper connect(LockConfig config) {
        var connected = new CountDownLatch(1);
        try {
            var client = new ZooKeeper(ZooKeeperSettings.connectString(config), (int) SESSION.toMillis(), event -> {
                if (event.getState() == KeeperState.SyncConnected) {
                    connected.countDown();
                }
            });
            ZooKeeperSettings.credentials(config).ifPresent(secret -> client.addAuthInfo("digest", secret));
            if (!connected.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                client.close();
                throw new IllegalStateException("no server of " + config.hosts(ZooKeeperSettings.DEFAULT_PORT)
                        + " answers within " + PATIENCE_MILLIS + " ms");
            }
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting", e);
        }
    }

    /** Does something on the session; one request. */
    <T> T ask(Question<T> question) {
        requests.incrementAndGet();
        try {
            return question.ask(client);
        } catch (KeeperException e) {
            throw new IllegalStateException("the look into ZooKeeper failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking into ZooKeeper", e);
        }
    }

    /** What is asked of the session. */
    interface Question<T> {
        T ask(ZooKeeper client) throws KeeperException, InterruptedException;
    }

    /** The answers of all servers to one of their four-letter words. */
    String word(String word) {
        var answers = new StringBuilder();
        for (InetSocketAddress server : servers) {
            requests.incrementAndGet();
            answers.append(word(server, word));
        }
        return answers.toString();
    }

    private static String word(InetSocketAddress server, String word) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()), PATIENCE_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (answer.contains("not in the whitelist")) {
                throw new IllegalStateException("the servers must answer the kit: add " + String.join(",", WORDS)
                        + " to 4lw.commands.whitelist");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("server " + server + " does not answer " + word, e);
        }
    }

    /** The sum of a line's numbers, over all servers. */
    long sum(String word, String line) {
        return word(word)
                .lines()
                .filter(found -> found.startsWith(line + ": "))
                .mapToLong(found ->
                        Long.parseLong(found.substring(line.length() + 2).strip()))
                .sum();
    }

    /** How many requests were sent by this shell; signs of life apart. */
    long requests() {
        return requests.get();
    }

    long session() {
        return client.getSessionId();
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
