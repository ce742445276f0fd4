// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * The route to the master of the moment. Connections ask for it when they are made; beside that, the sentinels are asked
 * now and then, and after every failure, because the connections to a master that was cut off from its sentinels may
 * stand for long, and grant locks that the next master knows nothing of. Thread-safe.
 */
final class SentinelRoute implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(SentinelRoute.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final SentinelMaster master;
    private final OwnPool owner;
    private final ServerPool server;
    private final Duration patience;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Executor background; // set by start
    private volatile Runnable follow = () -> {};
    private volatile boolean closed;

    /** The connections of an own pool, each of which asks the sentinels. */
    SentinelRoute(SentinelMaster master, OwnPool owner, int poolSize, RedisErrors errors, Duration patience) {
        this.master = master;
        this.owner = owner;
        this.patience = patience;
        server = new ServerPool(owner.open(poolSize), owner, errors, this::look);
        master.onMove(this::moved);
    }

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
        background = ioExecutor;
        server.start(ioExecutor);
    }

    @Override
    public PubSub pubSub() {
        return PubSub.PLAIN;
    }

    @Override
    public Waking wakeUps(BackendContext context, Duration callTimeout) {
        var wakeUps = new WakeUps(server, context, callTimeout);
        follow = wakeUps::reconnect;
        new Heartbeat(context, LOOK_EVERY, this::lookAgain).begin();
        return wakeUps;
    }

    private void moved() {
        LOG.info("{} is another server now", server.errors().address());
        owner.forget();
        follow.run();
    }

    private boolean lookAgain() {
        look();
        return !closed;
    }

    /** Asks in the background, once at a time. */
    private void look() {
        Executor executor = background;
        // before the start there is one call only, which asks by itself
        if (executor == null || closed || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::ask);
        } catch (RejectedExecutionException ended) {
            looking.set(false);
        }
    }

    private void ask() {
        try {
            master.find(StoreCall.begin("asking for the master", patience));
        } catch (JedisException e) {
            LOG.debug("no sentinel answers: {}", server.errors().shown(e));
        } finally {
            looking.set(false);
        }
    }

    @Override
    public void close() {
        closed = true;
        server.close();
    }
}
