// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.Capability;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** A toy: a lock is held by whoever has it on enough of several nodes, each a store of its own. Polls. */
final class QuorumBackend implements LockBackend {
    private static final long BETWEEN_NODES = Duration.ofNanos(50_000).toNanos();

    private final List<LockBackend> nodes;
    private final int quorum;
    private final Executor undoing;

    /**
     * A client's way to the nodes.
     *
     * @param nodes one backend each
     * @param quorum how many must grant
     * @param undoing runs what gives the nodes of an attempt back that got too few and will not wait
     */
    QuorumBackend(List<LockBackend> nodes, int quorum, Executor undoing) {
        this.nodes = nodes;
        this.quorum = quorum;
        this.undoing = undoing;
    }

    @Override
    public void start(BackendContext context) {
        nodes.forEach(node -> node.start(context));
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.LEASE, Capability.EXTEND, Capability.QUORUM);
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        return new Contender() {
            @Override
            public Attempt attempt(OwnerId owner) throws InterruptedException {
                List<Grant> grants = ask(request, owner);
                if (grants.size() >= quorum) {
                    return new Attempt.Granted(new QuorumGrant(owner, grants, quorum));
                }
                if (grants.isEmpty()) {
                    return refused();
                }
                Executor soon = request.waiting() ? Runnable::run : undoing;
                soon.execute(() -> undo(request, owner));
                return refused();
            }

            @Override
            public void close() {
                // nothing is queued
            }
        };
    }

    private static Attempt refused() {
        long retry = ThreadLocalRandom.current().nextLong(1_000_000, 5_000_000); // so that split votes end
        return new Attempt.Refused(Duration.ofNanos(retry), Optional.empty());
    }

    /** Asks the nodes, each time in another order. */
    private List<Grant> ask(LockRequest request, OwnerId owner) throws InterruptedException {
        var once = new LockRequest(
                request.name(), request.lease(), false, request.tokens(), request.holder(), request.callTimeout());
        var order = new ArrayList<>(nodes);
        Collections.shuffle(order, new Random(owner.low()));
        var grants = new ArrayList<Grant>();
        for (LockBackend node : order) {
            try (Contender contender = node.contend(once, () -> {})) {
                if (contender.attempt(owner) instanceof Attempt.Granted granted) {
                    grants.add(granted.grant());
                }
            }
            LockSupport.parkNanos(BETWEEN_NODES);
        }
        return grants;
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        nodes.forEach(node -> node.undo(request, owner));
        return ReleaseOutcome.RELEASED;
    }

    @Override
    public void close() {
        nodes.forEach(LockBackend::close);
    }

    private record QuorumGrant(OwnerId owner, List<Grant> grants, int quorum) implements Grant {
        @Override
        public long fencingToken() {
            return 0;
        }

        /** As long as enough nodes agree: the end of the quorum's shortest. */
        @Override
        public long validUntil() {
            List<Long> ends = grants.stream().map(Grant::validUntil).sorted().toList();
            return ends.get(ends.size() - quorum);
        }

        @Override
        public RenewOutcome renew(Duration lease) {
            long renewed = grants.stream()
                    .filter(grant -> grant.renew(lease) == RenewOutcome.RENEWED)
                    .count();
            return renewed >= quorum ? RenewOutcome.RENEWED : RenewOutcome.LOST;
        }

        @Override
        public ReleaseOutcome release() {
            long released = grants.stream()
                    .filter(grant -> grant.release() == ReleaseOutcome.RELEASED)
                    .count();
            return released >= quorum ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
        }

        @Override
        public void watch(GrantListener listener) {
            // a renewal finds out
        }
    }
}
