// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/** One client's locks in one ensemble. Thread-safe. */
final class ZooKeeperBackend implements LockBackend {
    private static final int MAX_BATCH = 1000;

    private final Ensemble ensemble;
    private final ZooKeeperOptions options;
    private volatile @Nullable Running running; // set once, by start

    ZooKeeperBackend(Ensemble ensemble, ZooKeeperOptions options) {
        this.ensemble = ensemble;
        this.options = options;
    }

    @Override
    public void start(BackendContext context) {
        Running now = Running.create(ensemble, options, context);
        running = now;
        now.begin(options.callTimeout());
    }

    @Override
    public Set<Capability> capabilities() {
        return options.variant().capabilities();
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        if (request.tokens() > TokenRule.BLOCK) {
            throw new IllegalArgumentException("tokens = " + request.tokens() + ": must be at most " + TokenRule.BLOCK);
        }
        return new ZooKeeperContender(running().parts(), request, wakeUp);
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        Call call = Call.begin("undo of lock '" + request.name() + "'", request.callTimeout());
        return new Undo(running().parts(), request.name(), owner).run(call);
    }

    @Override
    public Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
        var ours = due.stream().map(ZooKeeperGrant.class::cast).toList();
        return Map.copyOf(Renewals.renew(running().parts(), ours));
    }

    /** They all go with one session, so one that is stalled says that the others are. */
    @Override
    public int renewalBatch() {
        return MAX_BATCH;
    }

    /** A renewal is a look whether session and node are there, so it comes with the session's time and not the lease's. */
    @Override
    public Duration renewalInterval(Duration lease) {
        Duration third = lease.dividedBy(3);
        Duration quarter = running()
                .parts()
                .sessions()
                .latest()
                .map(session -> session.timeout().dividedBy(4))
                .orElse(third);
        return quarter.compareTo(third) < 0 ? quarter : third;
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        Call call = Call.begin("holder of lock '" + name + "'", options.callTimeout());
        return asked(call, () -> Holders.holder(running().parts(), call, name));
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        Call call = Call.begin("forceRelease of lock '" + name + "'", options.callTimeout());
        return asked(call, () -> Holders.forceRelease(running().parts(), call, name, fencingToken));
    }

    @Override
    public List<Finding> diagnose() {
        Call call = Call.begin("diagnosis", options.callTimeout());
        return asked(call, () -> Diagnosis.run(ensemble, running().parts(), call));
    }

    @Override
    public void close() {
        Running now = running;
        if (now != null) {
            now.end(ensemble::inherit);
        }
        ensemble.close(options.callTimeout());
    }

    private interface Question<T> {
        T ask() throws InterruptedException, KeeperException;
    }

    private <T> T asked(Call call, Question<T> question) {
        try {
            return question.ask();
        } catch (KeeperException said) {
            throw ensemble.errors().grantingFailed(call, said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ensemble.errors().interrupted(call, e);
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now;
    }

    /** What there is from the start on. */
    private record Running(Parts parts, Heartbeat heartbeat) {
        static Running create(Ensemble ensemble, ZooKeeperOptions options, BackendContext context) {
            ensemble.start(context);
            String base = ensemble.rooted(options.base());
            var sessions = new Sessions(ensemble, options.tickTime(), context);
            var heartbeat = new Heartbeat(context, sessions, base);
            sessions.begin(heartbeat::beat);
            var leaver = new Leaver(context, sessions);
            return new Running(
                    new Parts(context, options, base, ensemble.errors(), sessions, new SentCreates(), leaver),
                    heartbeat);
        }

        /** Begins the heartbeat, and waits until it is sure that the session lives. */
        void begin(Duration callTimeout) {
            Call call = Call.begin("opening", callTimeout.plus(parts.options().tickTime()));
            try {
                parts.sessions().awaitConnection(callTimeout);
                Session session = parts.sessions().current(call);
                heartbeat.beat();
                session.awaitValidity(call);
            } catch (KeeperException said) {
                throw parts.errors().unsure(call, said);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LockBackendException("zookeeper: interrupted while opening", e, false);
            }
        }

        void end(Consumer<String> heir) {
            heartbeat.close();
            parts.sessions().end();
            parts.leaver().close(heir);
        }
    }
}
