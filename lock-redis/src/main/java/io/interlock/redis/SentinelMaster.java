// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The master that sentinels name. Each question goes to the sentinel that answered the last one, and to the others only
 * if that one is silent. Thread-safe.
 */
final class SentinelMaster implements Whereabouts {
    private final List<HostAndPort> sentinels;
    private final String name;
    private final JedisClientConfig config;
    private final RedisErrors errors;
    private volatile int answering;
    private volatile @Nullable HostAndPort last;
    private volatile Runnable moved = () -> {};

    /**
     * Asks nobody yet.
     *
     * @param config how to speak to sentinels, whose credentials are not those of the servers
     * @param password what a sentinel must not make us show
     */
    SentinelMaster(List<HostAndPort> sentinels, String name, JedisClientConfig config, Optional<String> password) {
        errors = new RedisErrors("the sentinels", password);
        this.sentinels = List.copyOf(sentinels);
        this.name = name;
        this.config = config;
    }

    /** What to do, without blocking, when the sentinels name another server than before. */
    void onMove(Runnable moved) {
        this.moved = moved;
    }

    @Override
    public HostAndPort find(StoreCall call) {
        HostAndPort found = ask(call);
        HostAndPort before = last;
        last = found;
        if (before != null && !before.equals(found)) {
            moved.run();
        }
        return found;
    }

    @Override
    public boolean isAt(HostAndPort address) {
        return address.equals(last);
    }

    /** Between the death of a master and the sentinels' agreement they name one that is none, or will not be for long. */
    @Override
    public void check(Connection made) {
        made.sendCommand(Protocol.Command.ROLE);
        String role = Replies.text(Replies.list(made.getOne()).get(0));
        if (!"master".equals(role)) {
            throw new JedisConnectionException("the sentinels name a server for the master whose role is " + role);
        }
    }

    private HostAndPort ask(StoreCall call) {
        var failure = new JedisConnectionException("no sentinel answers for the master '" + name + "'");
        int first = answering;
        for (int i = 0; i < sentinels.size() && !call.isOver(); i++) {
            int which = (first + i) % sentinels.size();
            try {
                HostAndPort found = ask(sentinels.get(which), call.leftMillis() / (sentinels.size() - i));
                answering = which;
                return found;
            } catch (JedisException e) {
                failure.addSuppressed(errors.safe(e));
            }
        }
        throw failure;
    }

    private HostAndPort ask(HostAndPort sentinel, int millis) {
        var bounded = DefaultJedisClientConfig.builder()
                .from(config)
                .timeoutMillis(Math.max(1, millis))
                .build();
        try (var connection = new Connection(sentinel, bounded)) {
            connection.sendCommand(Protocol.Command.SENTINEL, "GET-MASTER-ADDR-BY-NAME", name);
            Object address = connection.getOne();
            if (address == null) {
                throw new JedisException("the sentinel at " + sentinel + " knows no master '" + name + "'");
            }
            List<?> parts = Replies.list(address);
            return new HostAndPort(
                    String.valueOf(Replies.text(parts.get(0))),
                    Integer.parseInt(String.valueOf(Replies.text(parts.get(1)))));
        }
    }
}
