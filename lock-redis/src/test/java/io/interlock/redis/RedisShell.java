// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfig;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.SafeEncoder;

/** One connection beside the code under test, which knows how many requests it has sent. Thread-safe. */
final class RedisShell implements AutoCloseable {
    static final String CLIENT_NAME = "interlock-tck";

    private final RedisClient client;
    private final AtomicLong requests = new AtomicLong();

    RedisShell(LockConfig config) {
        this(config, config.hosts(RedisConnector.DEFAULT_PORT).get(0));
    }

    /** To one of several servers. */
    RedisShell(LockConfig config, InetSocketAddress host) {
        var settings = DefaultJedisClientConfig.builder().clientName(CLIENT_NAME);
        config.user().ifPresent(settings::user);
        config.password().ifPresent(settings::password);
        String database = config.path().replace("/", "");
        settings.database(database.isEmpty() ? 0 : Integer.parseInt(database));
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(1);
        pool.setMinIdle(1);
        client = RedisClient.builder()
                .hostAndPort(new HostAndPort(host.getHostString(), host.getPort()))
                .clientConfig(settings.build())
                .poolConfig(pool)
                .build();
        call(Protocol.Command.PING); // the handshake of the connection is behind us
    }

    Object call(Protocol.Command command, String... arguments) {
        requests.incrementAndGet();
        return client.executeCommand(new CommandArguments(command).addObjects((Object[]) arguments));
    }

    long number(Protocol.Command command, String... arguments) {
        return (Long) call(command, arguments);
    }

    String text(Protocol.Command command, String... arguments) {
        Object reply = call(command, arguments);
        return reply == null ? "" : SafeEncoder.encode((byte[]) reply);
    }

    List<?> list(Protocol.Command command, String... arguments) {
        return (List<?>) call(command, arguments);
    }

    String info(String section, String field) {
        return text(Protocol.Command.INFO, section)
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("INFO " + section + " has no " + field));
    }

    /** How many requests were sent over this connection. */
    long requests() {
        return requests.get();
    }

    @Override
    public void close() {
        client.close();
    }
}
