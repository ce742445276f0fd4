// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.servers.RedisServer;
import io.interlock.spi.LockBackend;
import io.interlock.spi.OwnerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.RedisClient;

/** Three real servers for a test class, and what tests open on them; alive, emptied and closed after each test. */
final class TestNodes implements AfterEachCallback, AfterAllCallback {
    private static final String SETTINGS = "variant=redlock&restartDelay=0s&nodeTimeout=2s";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final RedlockServers servers = RedlockServers.start(3);
    private final List<RedisClient> shells = servers.all().stream()
            .map(server -> RedisClient.create(server.host(), server.port()))
            .toList();

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (RedisServer server : servers.all()) {
            if (server.isAlive()) {
                server.resume();
            } else {
                server.restart();
            }
        }
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        for (RedisClient shell : shells) {
            shell.getPool().clear();
            shell.flushAll();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        shells.forEach(RedisClient::close);
        servers.close();
    }

    RedisServer server(int node) {
        return servers.all().get(node);
    }

    /** Starts a node anew, without its data. */
    void restart(int node) {
        server(node).restart();
        shell(node).getPool().clear(); // its connections led to the former one
    }

    /** A client beside the code under test, for looking and meddling at one node. */
    RedisClient shell(int node) {
        return shells.get(node);
    }

    List<Integer> ports() {
        return servers.all().stream().map(RedisServer::port).toList();
    }

    LockClient client(String... settings) {
        return keep(LockClient.open(RedlockServers.uri(ports(), query(settings))));
    }

    LockBackend backend(String... settings) {
        return backendAt(ports(), settings);
    }

    LockBackend backendAt(List<Integer> ports, String... settings) {
        return started(new RedisLockProvider().open(LockConfig.of(RedlockServers.uri(ports, query(settings)))));
    }

    LockBackend started(LockBackend backend) {
        keep(backend).start(keep(new TestContext()));
        return backend;
    }

    /** Later settings replace those that all tests have. */
    private static String query(String... settings) {
        var query = new ArrayList<>(List.of(settings));
        for (String given : SETTINGS.split("&", -1)) {
            String key = given.substring(0, given.indexOf('=') + 1);
            if (query.stream().noneMatch(setting -> setting.startsWith(key))) {
                query.add(given);
            }
        }
        return String.join("&", query);
    }

    /** A proxy before each node, as the ports of a URI, and to make faults with. */
    List<FaultProxy> proxies() {
        return ports().stream().map(port -> keep(new FaultProxy(port))).toList();
    }

    RedisClient applicationClient(int node) {
        return keep(RedisClient.create(server(node).host(), server(node).port()));
    }

    <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** The nodes that have an entry of the lock. */
    List<Integer> holding(String name) {
        return nodesWith(TestRedis.key(name));
    }

    List<Integer> blocking(String name, OwnerId owner) {
        return nodesWith(LockKeys.of("default", name).undone(owner));
    }

    private List<Integer> nodesWith(String key) {
        return IntStream.range(0, shells.size())
                .filter(node -> server(node).isAlive() && shell(node).exists(key))
                .boxed()
                .toList();
    }

    /** Makes a node have the lock down as somebody else's. */
    void occupy(int node, String name) {
        shell(node).hset(TestRedis.key(name), "owner", "f".repeat(32));
    }

    /** How many scripts a node has carried out. */
    long scripts(int node) {
        return shell(node)
                .info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }
}
