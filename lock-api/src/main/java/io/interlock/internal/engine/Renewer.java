// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends renewals that are due on a bounded pool, in batches where the backend can. Holds nothing of a lease beyond the
 * moment in which it is due: the lease schedules itself, and stops when it ends.
 */
final class Renewer {
    private static final Logger log = LoggerFactory.getLogger(Renewer.class);

    private final LockBackend backend;
    private final EngineRuntime runtime;
    private final Queue<HeldLease> due = new ConcurrentLinkedQueue<>();

    Renewer(LockBackend backend, EngineRuntime runtime) {
        this.backend = backend;
        this.runtime = runtime;
    }

    void due(HeldLease lease) {
        due.add(lease);
        EngineRuntime.run(runtime.pools().renewals(), this::renewSome);
    }

    /** Takes what is due, at most a batch; every other lease has a task of its own in the pool's queue. */
    private void renewSome() {
        Map<Duration, List<HeldLease>> byLease = new LinkedHashMap<>();
        int batch = backend.renewalBatch();
        for (int taken = 0; taken < batch; taken++) {
            HeldLease lease = due.poll();
            if (lease == null) {
                break;
            }
            if (lease.beginRenewal()) {
                byLease.computeIfAbsent(lease.leaseTime(), time -> new ArrayList<>())
                        .add(lease);
            }
        }
        byLease.forEach(this::renewAll);
    }

    private void renewAll(Duration leaseTime, List<HeldLease> leases) {
        long sent = runtime.nanoTime();
        Map<Grant, RenewOutcome> outcomes = ask(leaseTime, leases);
        for (var lease : leases) {
            RenewOutcome outcome = Objects.requireNonNullElse(outcomes.get(lease.grant()), RenewOutcome.UNKNOWN);
            EngineRuntime.guarded(() -> lease.renewed(outcome, sent));
        }
    }

    private Map<Grant, RenewOutcome> ask(Duration leaseTime, List<HeldLease> leases) {
        try {
            return Objects.requireNonNull(
                    backend.renewAll(leases.stream().map(HeldLease::grant).toList(), leaseTime), "outcomes");
        } catch (Throwable failed) { // a broken backend must not end renewal for good
            log.warn("renewal of {} lock(s) failed; trying again while their leases last", leases.size(), failed);
            return Map.of();
        }
    }
}
