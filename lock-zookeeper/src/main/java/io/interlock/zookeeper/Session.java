// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LossReason;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;

/**
 * One session with the ensemble, which is one handle of ZooKeeper's client: a handle never gets a second session. What
 * is granted on it ends with it. Thread-safe.
 */
final class Session {
    private final ZooKeeper zk;
    private final long id;
    private final Duration timeout;
    private final Duration halfTick;
    private final Requests requests;
    private final SessionClock clock;
    private final BackendContext context;
    private final Set<ZooKeeperGrant> grants = ConcurrentHashMap.newKeySet();
    private final AtomicReference<CompletableFuture<Boolean>> nextBeat =
            new AtomicReference<>(new CompletableFuture<>());
    private volatile long overSince;
    private volatile boolean over; // written after overSince

    Session(ZooKeeper zk, Duration halfTick, SessionClock clock, BackendContext context) {
        this.zk = zk;
        this.id = zk.getSessionId();
        this.timeout = Duration.ofMillis(zk.getSessionTimeout());
        this.halfTick = halfTick;
        this.requests = new Requests(zk);
        this.clock = clock;
        this.context = context;
    }

    long id() {
        return id;
    }

    Duration timeout() {
        return timeout;
    }

    /** How long a server may keep a sign of life to itself. */
    Duration halfTick() {
        return halfTick;
    }

    Requests requests() {
        return requests;
    }

    boolean uses(ZooKeeper handle) {
        return zk == handle;
    }

    /** Whether requests have a way to the ensemble just now. */
    boolean isConnected() {
        return !over && zk.getState().isConnected();
    }

    /** Whether the server that we talk to has lost its ensemble and answers from memory only. */
    boolean isReadOnly() {
        return zk.getState() == ZooKeeper.States.CONNECTEDREADONLY;
    }

    boolean isOver() {
        return over || !zk.getState().isAlive();
    }

    /** Whether the ensemble has surely ended it too, after which it carries out nothing more for it. */
    boolean isLongOver() {
        return over && context.nanoTime() - overSince > 2 * timeout.toNanos();
    }

    boolean isValid() {
        return !over && validUntil() - context.nanoTime() > 0;
    }

    /** On the context's clock; long ago if nothing is sure. */
    long validUntil() {
        int negotiated = zk.getSessionTimeout();
        if (negotiated > 0) { // not between two connections
            clock.limit(Duration.ofMillis(negotiated));
        }
        return clock.validUntil().orElseGet(() -> context.nanoTime() - 1);
    }

    /** Waits until it is sure for a while that the session lives. */
    void awaitValidity(Call call) throws InterruptedException, KeeperException {
        while (true) {
            CompletableFuture<Boolean> next = Objects.requireNonNull(nextBeat.get());
            if (isValid()) {
                return;
            }
            if (over) {
                throw new KeeperException.SessionExpiredException();
            }
            call.await(next);
        }
    }

    void answered(long sentNanos) {
        clock.answered(sentNanos, context.nanoTime());
        Objects.requireNonNull(nextBeat.getAndSet(new CompletableFuture<>())).complete(true);
    }

    Set<ZooKeeperGrant> grants() {
        return grants;
    }

    void add(ZooKeeperGrant grant) {
        grants.add(grant);
        if (over) { // meanwhile, and nobody would tell the grant
            grant.lost(LossReason.SESSION_LOST);
        }
    }

    void remove(ZooKeeperGrant grant) {
        grants.remove(grant);
    }

    /** The connection is in doubt, and so is all that depends on it. */
    void suspended() {
        grants.forEach(ZooKeeperGrant::suspended);
    }

    /** The session ended, or we gave it up: either way nothing of it is ours any more. */
    void ended() {
        if (!over) {
            overSince = context.nanoTime();
        }
        over = true;
        Objects.requireNonNull(nextBeat.get()).complete(false);
        grants.forEach(grant -> grant.lost(LossReason.SESSION_LOST));
    }
}
