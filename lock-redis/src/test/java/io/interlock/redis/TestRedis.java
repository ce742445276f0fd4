// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.servers.RedisServer;
import io.interlock.spi.LockBackend;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** One real server for a test class, and what tests open on it; emptied and closed after each test. */
final class TestRedis implements AfterEachCallback, AfterAllCallback {
    /** To be put behind {@code variant=}. */
    static final String SETNX_EXPIRE = "setnx-expire&allowUnsafe=true";

    static final String SETNX_TIMESTAMP = "setnx-timestamp&allowUnsafe=true";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final RedisServer server = RedisServer.start();
    private final RedisClient shell = RedisClient.create(server.host(), server.port());

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        server.resume();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        // a test may have restarted the server or killed its connections
        shell.getPool().clear();
        shell.flushAll();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        shell.close();
        server.close();
    }

    RedisServer server() {
        return server;
    }

    /** A client beside the code under test, for looking and meddling. */
    RedisClient shell() {
        return shell;
    }

    String uri(String... settings) {
        return uri(server.port(), settings);
    }

    static String uri(int port, String... settings) {
        return "redis://127.0.0.1:" + port + "/0" + (settings.length == 0 ? "" : "?" + String.join("&", settings));
    }

    LockClient client(String... settings) {
        return keep(LockClient.open(uri(settings)));
    }

    LockBackend backend(String... settings) {
        return backendAt(server.port(), settings);
    }

    LockBackend backendAt(int port, String... settings) {
        var backend = keep(new RedisLockProvider().open(LockConfig.of(uri(port, settings))));
        backend.start(keep(new TestContext()));
        return backend;
    }

    /** A client as an application would have it. */
    RedisClient applicationClient() {
        return keep(RedisClient.create(server.host(), server.port()));
    }

    FaultProxy proxy() {
        return keep(new FaultProxy(server.port()));
    }

    <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** Calls per command since the last reset. */
    Map<String, Integer> commandCounts() {
        var counts = new TreeMap<String, Integer>();
        for (String line : shell.info("commandstats").lines().toList()) {
            if (line.startsWith("cmdstat_")) {
                String name = line.substring("cmdstat_".length(), line.indexOf(':'));
                int calls = Integer.parseInt(line.replaceAll(".*:calls=(\\d+),.*", "$1"));
                if (calls > 0) {
                    counts.put(name, calls);
                }
            }
        }
        List.of("info", "config|resetstat").forEach(counts::remove);
        return counts;
    }

    void resetCommandCounts() {
        command("CONFIG", "RESETSTAT");
    }

    /** Any command, such as CLIENT KILL TYPE pubsub. */
    Object command(String verb, String... arguments) {
        return ask(server, verb, arguments);
    }

    /** The same on any server, over a connection of its own. */
    static Object ask(RedisServer server, String verb, String... arguments) {
        var config = DefaultJedisClientConfig.builder().build();
        try (var connection = new Connection(new HostAndPort(server.host(), server.port()), config)) {
            connection.sendCommand(Protocol.Command.valueOf(verb), arguments);
            return connection.getOne();
        }
    }

    List<String> channels() {
        return Replies.list(command("PUBSUB", "CHANNELS")).stream()
                .map(Replies::text)
                .filter(channel -> channel.contains("{"))
                .toList();
    }

    /** All keys but the fences, which outlive their locks on purpose. */
    List<String> residue() {
        return shell.keys("*").stream()
                .filter(key -> !key.endsWith(":fence"))
                .sorted()
                .toList();
    }

    static String key(String name) {
        return LockKeys.of("default", name).lock();
    }
}
