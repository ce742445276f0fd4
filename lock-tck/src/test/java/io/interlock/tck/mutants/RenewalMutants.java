// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.Registration;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the rules of §5 must catch: automatic renewal. */
final class RenewalMutants {
    private RenewalMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(0, "renews for less than half the lease", Broken.backend(() -> HalfRenewal::new), "5.06")
                        .breakingAlso("5.10", "5.13", "5.20"),
                Mutant.of(0, "renewal ends after ten times", Broken.backend(() -> TenTimes::new), "5.06"),
                Mutant.of(51, "renewal goes on after release", Broken.backend(() -> GoesOn::new), "5.10"),
                Mutant.of(0, "no renewal after a loss", Broken.backend(() -> GivesUp::new), "5.13"),
                Mutant.of(53, "renewal thread per lock", Broken.backend(() -> ThreadPerLock::new), "5.14"),
                Mutant.of(0, "renewals multiply", Broken.backend(() -> Multiplied::new), "5.14"),
                Mutant.of(0, "longest hold ignored", Broken.client(() -> NoLongestHold::new), "5.20")
                        .breakingAlso("5.13"));
    }

    private static final class HalfRenewal extends ForwardingBackend {
        HalfRenewal(LockBackend next) {
            super(next);
        }

        @Override
        public Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
            return super.renewAll(due, lease.multipliedBy(9).dividedBy(20));
        }
    }

    /** Loses its patience with a lease. */
    private static final class TenTimes extends ForwardingBackend {
        private final Map<Grant, Integer> renewals = new ConcurrentHashMap<>();

        TenTimes(LockBackend next) {
            super(next);
        }

        @Override
        public Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
            return super.renewAll(
                    due.stream()
                            .filter(grant -> renewals.merge(grant, 1, Integer::sum) <= 10)
                            .toList(),
                    lease);
        }
    }

    /** Renews by a timer of its own, which a release does not stop. */
    private static final class GoesOn extends ForwardingBackend {
        private volatile BackendContext context;
        private volatile boolean closed;

        GoesOn(LockBackend next) {
            super(next);
        }

        @Override
        public void start(BackendContext started) {
            context = started;
            super.start(started);
        }

        @Override
        public void close() {
            closed = true;
            super.close();
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    ReleaseOutcome outcome = super.release();
                    goOn(next, request.lease());
                    return outcome;
                }
            };
        }

        private Registration goOn(Grant grant, Duration lease) {
            return context.schedule(
                    () -> {
                        if (!closed) {
                            grant.renew(lease);
                            goOn(grant, lease);
                        }
                    },
                    lease.dividedBy(3));
        }
    }

    /** Leaves locks alone that were lost once. */
    private static final class GivesUp extends ForwardingBackend {
        private final Set<String> lost = ConcurrentHashMap.newKeySet();
        private final Map<Grant, String> names = new ConcurrentHashMap<>();

        GivesUp(LockBackend next) {
            super(next);
        }

        @Override
        public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
            lost.add(request.name());
            return super.undo(request, owner);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            Grant granted = super.grant(grant, request);
            names.put(granted, request.name());
            return granted;
        }

        @Override
        public Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
            return super.renewAll(
                    due.stream()
                            .filter(grant -> !lost.contains(names.get(grant)))
                            .toList(),
                    lease);
        }
    }

    private static final class ThreadPerLock extends ForwardingBackend {
        ThreadPerLock(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            var released = new CountDownLatch(1);
            var thread = new Thread(() -> await(released), "renewal of " + request.name());
            thread.setDaemon(true);
            thread.start();
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    released.countDown();
                    return super.release();
                }
            };
        }

        private static void await(CountDownLatch released) {
            try {
                released.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Multiplied extends ForwardingBackend {
        Multiplied(LockBackend next) {
            super(next);
        }

        @Override
        public Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
            var outcomes = new LinkedHashMap<Grant, RenewOutcome>();
            for (int timer = 0; timer < 10; timer++) {
                outcomes.putAll(super.renewAll(due, lease));
            }
            return outcomes;
        }
    }

    private static final class NoLongestHold extends ForwardingClient {
        NoLongestHold(LockClient next) {
            super(next);
        }

        @Override
        public DistributedLock lock(String name, LockOptions options) {
            return super.lock(
                    name, LockOptions.defaults().withLease(options.lease()).withRenewal(options.renewal()));
        }
    }
}
