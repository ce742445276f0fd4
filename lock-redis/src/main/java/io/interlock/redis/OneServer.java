// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * The route to a server that keeps all keys.
 *
 * @param server the one
 */
record OneServer(ServerPool server) implements Route {
    @Override
    public ServerPool serverOf(StoreCall call, String key) {
        return server;
    }

    @Override
    public List<ServerPool> servers() {
        return List.of(server);
    }

    @Override
    public Optional<ServerPool> follow(JedisRedirectionException sentOn) {
        return Optional.empty();
    }

    @Override
    public void start(Executor ioExecutor) {
        server.start(ioExecutor);
    }

    @Override
    public PubSub pubSub() {
        return PubSub.PLAIN;
    }

    @Override
    public Waking wakeUps(BackendContext context, Duration callTimeout) {
        return new WakeUps(server, context, callTimeout);
    }

    @Override
    public void close() {
        server.close();
    }
}
