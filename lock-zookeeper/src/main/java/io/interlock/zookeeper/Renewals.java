// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LossReason;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Renewals of many grants in one round trip. The session lives by its heartbeat, whatever the lease; so a renewal only
 * looks, through the leader, whether session and nodes are there, and counts as a heartbeat.
 */
final class Renewals {
    private Renewals() {}

    static Map<ZooKeeperGrant, RenewOutcome> renew(Parts parts, Collection<ZooKeeperGrant> due) {
        var bySession = new LinkedHashMap<Session, Map<ZooKeeperGrant, CompletableFuture<Stat>>>();
        var outcomes = new HashMap<ZooKeeperGrant, RenewOutcome>();
        for (ZooKeeperGrant grant : due) {
            if (grant.session().isOver()) {
                grant.lost(LossReason.SESSION_LOST);
                outcomes.put(grant, RenewOutcome.LOST);
            } else if (grant.session().isConnected()) {
                Map<ZooKeeperGrant, CompletableFuture<Stat>> asked =
                        bySession.computeIfAbsent(grant.session(), session -> begin(parts, session));
                asked.put(grant, grant.stat());
            }
        }
        Call call = Call.begin("renewal", timeout(due));
        bySession
                .values()
                .forEach(asked -> asked.forEach((grant, stat) -> outcomes.put(grant, end(call, grant, stat))));
        bySession.keySet().forEach(session -> secure(parts, session, call));
        return outcomes;
    }

    /**
     * After a jump of the clock nothing is sure, and one heartbeat counts only when another one has followed: the answer
     * waits for that, or the engine would end leases whose session and nodes are there.
     */
    private static void secure(Parts parts, Session session, Call call) {
        if (session.isValid() || session.isOver()) {
            return;
        }
        parts.context().schedule(() -> begin(parts, session), session.halfTick().plusMillis(1));
        try {
            session.awaitValidity(call);
        } catch (KeeperException unsure) {
            parts.errors().log(unsure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Short enough for another try before the session may end. */
    private static Duration timeout(Collection<ZooKeeperGrant> due) {
        return due.stream()
                .map(grant -> {
                    Duration third = grant.session().timeout().dividedBy(3);
                    Duration callTimeout = grant.request().callTimeout();
                    return third.compareTo(callTimeout) < 0 ? third : callTimeout;
                })
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Sent before all looks: what they see then is not older. */
    private static Map<ZooKeeperGrant, CompletableFuture<Stat>> begin(Parts parts, Session session) {
        long sent = parts.context().nanoTime();
        session.requests().sync(parts.base()).thenRun(() -> session.answered(sent));
        return new LinkedHashMap<>();
    }

    private static RenewOutcome end(Call call, ZooKeeperGrant grant, CompletableFuture<Stat> stat) {
        try {
            return grant.seen(call.await(stat)) ? RenewOutcome.RENEWED : RenewOutcome.LOST;
        } catch (KeeperException said) {
            return notSeen(call, grant, said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return RenewOutcome.UNKNOWN;
        }
    }

    private static RenewOutcome notSeen(Call call, ZooKeeperGrant grant, KeeperException said) {
        Optional<LossReason> why;
        try {
            why = call.await(grant.notSeen(said));
        } catch (KeeperException unread) {
            return RenewOutcome.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return RenewOutcome.UNKNOWN;
        }
        why.ifPresent(grant::lost);
        return why.isPresent() ? RenewOutcome.LOST : RenewOutcome.UNKNOWN;
    }
}
