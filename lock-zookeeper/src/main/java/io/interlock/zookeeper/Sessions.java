// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockBackendException;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of one Curator client, one after the other. Thread-safe. */
final class Sessions implements ConnectionStateListener {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    private final Ensemble ensemble;
    private final Duration tickTime;
    private final BackendContext context;
    private final ReentrantLock changing = new ReentrantLock(); // held while nothing is sent
    private volatile @Nullable Session latest; // written under changing
    private final AtomicReference<CompletableFuture<Boolean>> nextConnection =
            new AtomicReference<>(new CompletableFuture<>());
    private volatile Runnable onReconnect = () -> {};

    Sessions(Ensemble ensemble, Duration tickTime, BackendContext context) {
        this.ensemble = ensemble;
        this.tickTime = tickTime;
        this.context = context;
    }

    /** Listens to the connection from now on. */
    void begin(Runnable onReconnect) {
        this.onReconnect = onReconnect;
        ensemble.client().getConnectionStateListenable().addListener(this, Runnable::run);
    }

    /** Waits for the first connection of a client that was started just before. */
    void awaitConnection(Duration atMost) throws InterruptedException {
        ensemble.client().blockUntilConnected((int) atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ours, and able to send: a connection that broke is soon there again, so a call waits for it in its time. */
    Session current(Call call) throws InterruptedException {
        while (true) {
            // before the look, or a connection that comes right after it is not noticed
            CompletableFuture<Boolean> next = Objects.requireNonNull(nextConnection.get());
            Optional<Session> session = connected();
            if (session.isPresent()) {
                return session.get();
            }
            try {
                call.await(next);
            } catch (KeeperException noneInTime) {
                throw notConnected(call);
            }
        }
    }

    /** Ours, if it is able to send. Does not wait. */
    Optional<Session> connected() {
        // asked first: without a connection, Curator would log an error each time
        if (!ensemble.client().getZookeeperClient().isConnected()) {
            return Optional.empty();
        }
        ZooKeeper zk = handle();
        if (zk == null || !zk.getState().isConnected() || zk.getSessionId() == 0) {
            return Optional.empty();
        }
        Session known = latest;
        return Optional.of(known != null && known.uses(zk) ? known : successor(zk));
    }

    /** The session that is over now, or in doubt; if there was one. */
    Optional<Session> latest() {
        return Optional.ofNullable(latest);
    }

    void end() {
        ensemble.client().getConnectionStateListenable().removeListener(this);
        Session last = latest;
        if (last != null) {
            last.ended();
        }
    }

    @Override
    public void stateChanged(CuratorFramework client, ConnectionState state) {
        if (state.isConnected()) {
            Objects.requireNonNull(nextConnection.getAndSet(new CompletableFuture<>()))
                    .complete(true);
        }
        Session last = latest;
        if (last == null) {
            return;
        }
        switch (state) {
            case SUSPENDED, READ_ONLY -> last.suspended();
            case LOST -> {
                // the one that was lost may have a successor by now
                if (last.isOver()) {
                    last.ended();
                }
            }
            case CONNECTED, RECONNECTED -> onReconnect.run();
        }
    }

    private Session successor(ZooKeeper zk) {
        changing.lock();
        try {
            Session before = latest;
            if (before != null && before.uses(zk)) {
                return before;
            }
            Duration timeout = Duration.ofMillis(zk.getSessionTimeout());
            Duration halfTick = halfTick(timeout);
            var clock = new SessionClock(timeout, halfTick);
            ensemble.bornAfter(zk, context).ifPresent(clock::bornAfter);
            var session = new Session(zk, halfTick, clock, context);
            latest = session;
            if (before != null) {
                before.ended();
            }
            return session;
        } finally {
            changing.unlock();
        }
    }

    /** Of servers as they are set up by default, a session's timeout is at least two ticks. */
    private Duration halfTick(Duration timeout) {
        Duration half = tickTime.dividedBy(2);
        Duration quarter = timeout.dividedBy(4);
        return half.compareTo(quarter) < 0 ? half : quarter;
    }

    private @Nullable ZooKeeper handle() {
        try {
            return ensemble.client().getZookeeperClient().getZooKeeper();
        } catch (Exception unusable) { // declared so; says that there is no connection, or that the client is closed
            log.debug("no handle", unusable);
            return null;
        }
    }

    private LockBackendException notConnected(Call call) {
        return ensemble.errors().notConnected(call);
    }
}
