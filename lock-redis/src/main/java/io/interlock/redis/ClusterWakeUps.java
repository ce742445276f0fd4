// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.Registration;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The wake-ups of one client in a cluster: each waiter listens at the node of its lock's slot, and follows the slot when
 * that moves. One connection a node at which somebody waits. Thread-safe.
 */
final class ClusterWakeUps implements Waking {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ServerPool, WakeUps> nodes = new HashMap<>(); // guarded by lock
    private final Set<Subscription> subscriptions = new HashSet<>(); // guarded by lock
    private final ClusterRoute route;
    private final BackendContext context;
    private final Duration callTimeout;
    private boolean closed; // guarded by lock

    ClusterWakeUps(ClusterRoute route, BackendContext context, Duration callTimeout) {
        this.route = route;
        this.context = context;
        this.callTimeout = callTimeout;
    }

    @Override
    public Registration subscribe(String channel, Runnable wakeUp) {
        var subscription = new Subscription(channel, wakeUp);
        lock.lock();
        try {
            if (closed) {
                return () -> {};
            }
            subscriptions.add(subscription);
            place(subscription);
        } finally {
            lock.unlock();
        }
        return () -> end(subscription);
    }

    /** Who serves what may have changed: brings every waiter to where its slot is now, which wakes those that move. */
    void rearrange() {
        List<WakeUps> unused;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            subscriptions.forEach(this::place);
            unused = takeUnused();
        } finally {
            lock.unlock();
        }
        unused.forEach(WakeUps::close);
    }

    @Override
    public void close() {
        List<WakeUps> all;
        lock.lock();
        try {
            closed = true;
            subscriptions.clear();
            all = List.copyOf(nodes.values());
            nodes.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(WakeUps::close);
    }

    /** Under the lock, so that no older view of the cluster wins. */
    private void place(Subscription subscription) {
        ServerPool server = serverOf(subscription.channel);
        if (server == null || server == subscription.server) {
            return;
        }
        subscription.leave();
        subscription.server = server;
        subscription.registration = at(server).subscribe(subscription.channel, subscription.wakeUp);
    }

    /** Null: nobody serves the slot now; who waits re-checks meanwhile. */
    private @Nullable ServerPool serverOf(String channel) {
        try {
            return route.serverOf(StoreCall.begin("waiting at " + channel, callTimeout), channel);
        } catch (LockBackendException unserved) {
            return null;
        }
    }

    private WakeUps at(ServerPool server) {
        return nodes.computeIfAbsent(
                server,
                node -> new WakeUps(node, route.pubSub(), context, callTimeout, sentOn -> {
                    route.follow(sentOn);
                    rearrange();
                }));
    }

    /** Under the lock. Those of nodes at which nobody waits: they may be gone for good. */
    private List<WakeUps> takeUnused() {
        var used = new HashSet<ServerPool>();
        subscriptions.forEach(subscription -> used.add(subscription.server));
        var unused = new ArrayList<WakeUps>();
        nodes.entrySet().removeIf(node -> !used.contains(node.getKey()) && unused.add(node.getValue()));
        return unused;
    }

    private void end(Subscription subscription) {
        lock.lock();
        try {
            subscriptions.remove(subscription);
            subscription.leave();
        } finally {
            lock.unlock();
        }
    }

    /** One waiter, and where it listens. Guarded by the lock of {@link ClusterWakeUps}. */
    private static final class Subscription {
        private final String channel;
        private final Runnable wakeUp;
        private @Nullable ServerPool server;
        private @Nullable Registration registration;

        Subscription(String channel, Runnable wakeUp) {
            this.channel = channel;
            this.wakeUp = wakeUp;
        }

        void leave() {
            if (registration != null) {
                registration.close();
                registration = null;
            }
        }
    }
}
