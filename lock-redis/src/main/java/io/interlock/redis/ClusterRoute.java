// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * The route through a cluster: to the master of a key's slot, over a pool for each master. Who serves what is asked once
 * at the start and again, in the background, whenever a node says that it is not its turn, or does not answer.
 * Thread-safe.
 *
 * <p>The client library's own cluster client is not used, because it repeats a command whose connection broke.
 */
final class ClusterRoute implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterRoute.class);

    private final List<HostAndPort> seeds;
    private final Opening opening;
    private final RedisErrors errors;
    private final Duration patience;
    private final Map<HostAndPort, ServerPool> servers = new ConcurrentHashMap<>();

    /** Of nodes that serve nothing any more, with the time that calls are given which still wait for them. */
    private final Map<ServerPool, StoreCall> retired = new ConcurrentHashMap<>();

    private final AtomicBoolean refreshing = new AtomicBoolean();

    /** What a node told last. An update that is overwritten by an older view is made good by the next redirection. */
    private volatile ClusterSlots slots = ClusterSlots.unknown();

    /** Who gave cause to ask: cut off from the others, it would tell what was true before. */
    private volatile @Nullable HostAndPort suspect;

    private volatile PubSub pubSub = PubSub.PLAIN;
    private volatile @Nullable Executor background; // set by start
    private volatile Runnable changed = () -> {};
    private volatile boolean closed;

    /** Makes the connections to a node. */
    interface Opening {
        ServerPool open(HostAndPort address, Runnable trouble);
    }

    ClusterRoute(List<HostAndPort> seeds, Opening opening, RedisErrors errors, Duration patience) {
        this.seeds = List.copyOf(seeds);
        this.opening = opening;
        this.errors = errors;
        this.patience = patience;
    }

    /** Asks who serves what, and what the nodes can; throws what the last node had to say if none tells. */
    void connect(StoreCall call) throws InterruptedException {
        ServerPool told = refresh(call);
        var command = Command.of("COMMAND", "INFO", PubSub.SHARDED.publish());
        List<?> known = Replies.list(told.converse(call, false, node -> node.command(command)));
        pubSub = known.isEmpty() || known.get(0) == null ? PubSub.PLAIN : PubSub.SHARDED;
    }

    @Override
    public ServerPool serverOf(StoreCall call, String key) {
        int slot = ClusterSlots.slotOf(key);
        HostAndPort master = slots.masterOf(slot);
        if (master == null) {
            refreshSoon();
            throw errors.unserved(call, slot);
        }
        return server(master);
    }

    @Override
    public List<ServerPool> servers() {
        return slots.masters().stream()
                .sorted(Comparator.comparing(HostAndPort::toString))
                .map(this::server)
                .toList();
    }

    @Override
    public Optional<ServerPool> follow(JedisRedirectionException sentOn) {
        HostAndPort target = target(sentOn);
        if (sentOn instanceof JedisMovedDataException) {
            slots = slots.with(sentOn.getSlot(), target);
            refreshSoon();
        }
        return Optional.of(server(target));
    }

    /** A node that does not know its own name leaves it out; it has the one by which its slot was known. */
    private HostAndPort target(JedisRedirectionException sentOn) {
        HostAndPort target = sentOn.getTargetNode();
        HostAndPort asked = slots.masterOf(sentOn.getSlot());
        return ClusterSlots.address(target.getHost(), target.getPort(), asked == null ? seeds.get(0) : asked);
    }

    @Override
    public void start(Executor ioExecutor) {
        background = ioExecutor;
        servers.values().forEach(server -> server.start(ioExecutor));
    }

    @Override
    public PubSub pubSub() {
        return pubSub;
    }

    @Override
    public Waking wakeUps(BackendContext context, Duration callTimeout) {
        var wakeUps = new ClusterWakeUps(this, context, callTimeout);
        changed = wakeUps::rearrange;
        return wakeUps;
    }

    /** Has the nodes asked in the background, once at a time. */
    void refreshSoon() {
        Executor executor = background;
        // before the start there is one call only, which asks every node by itself
        if (executor == null || closed || !refreshing.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::refreshNow);
        } catch (RejectedExecutionException ended) {
            refreshing.set(false);
        }
    }

    private void refreshNow() {
        try {
            refresh(StoreCall.begin("asking for the slots", patience));
            changed.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LockBackendException e) {
            LOG.debug("no node tells who serves what", e);
        } finally {
            refreshing.set(false);
        }
    }

    private void suspect(HostAndPort node) {
        suspect = node;
        refreshSoon();
    }

    /** Answers which node told. Every node has its share of the time, for one that is paused answers never. */
    private ServerPool refresh(StoreCall call) throws InterruptedException {
        var nodes = new LinkedHashSet<>(slots.masters());
        nodes.addAll(seeds);
        HostAndPort last = suspect;
        if (last != null && nodes.remove(last)) {
            nodes.add(last);
        }
        var failure = new JedisException("no node tells who serves what");
        int left = nodes.size();
        for (HostAndPort node : nodes) {
            var share = StoreCall.begin(call.what(), call.left().dividedBy(left--));
            try {
                ServerPool server = server(node);
                Object reply = server.converse(share, false, asked -> asked.command(Command.of("CLUSTER", "SLOTS")));
                var told = ClusterSlots.parse(Replies.list(reply), node);
                if (!told.masters().isEmpty()) {
                    learn(told);
                    return server;
                }
                failure.addSuppressed(new JedisException(node + " belongs to no cluster, or has forgotten it"));
            } catch (LockBackendException e) {
                failure.addSuppressed(e);
            }
        }
        throw errors.beforeSending(call, failure);
    }

    /** Seeds stay, whatever they are: the next view may be theirs. */
    private void learn(ClusterSlots now) {
        slots = now;
        var stay = now.masters();
        stay.addAll(seeds);
        for (HostAndPort address : new ArrayList<>(servers.keySet())) {
            if (!stay.contains(address)) {
                Optional.ofNullable(servers.remove(address)).ifPresent(this::retire);
            }
        }
        retired.forEach((server, grace) -> {
            if (grace.isOver() && server.isUnused()) {
                retired.remove(server);
                server.close();
            }
        });
    }

    /** Closing it at once would interrupt the threads that wait for one of its connections. */
    private void retire(ServerPool server) {
        server.forget();
        retired.put(server, StoreCall.begin("the calls that know a node which serves nothing any more", patience));
    }

    private ServerPool server(HostAndPort address) {
        return servers.computeIfAbsent(address, node -> {
            ServerPool server = opening.open(node, () -> suspect(node));
            Executor executor = background;
            if (executor != null) {
                server.start(executor);
            }
            return server;
        });
    }

    @Override
    public void close() {
        closed = true;
        servers.values().forEach(ServerPool::close);
        retired.keySet().forEach(ServerPool::close);
    }
}
