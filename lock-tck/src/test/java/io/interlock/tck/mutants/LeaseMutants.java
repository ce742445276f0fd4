// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** What the rules of §5 must catch: lease, extension and validity. */
final class LeaseMutants {
    private LeaseMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(45, "never expires", Broken.backend(() -> NeverExpires::new), "5.01")
                        .breakingAlso("5.04", "5.13", "5.19", "5.20", "5.22"),
                Mutant.of(0, "entry outlives a dead holder", Broken.backend(() -> LongEntry::new), "5.19", "5.22"),
                Mutant.of(0, "holder() prolongs the lease", Broken.backend(ProlongedByLook::new), "5.02"),
                Mutant.of(0, "refused attempt prolongs the lease", Broken.backend(ProlongedByRefusal::new), "5.02")
                        .breakingAlso("5.01", "5.03", "5.05", "5.19", "5.20"),
                Mutant.of(48, "extend says true, does nothing", Broken.client(() -> IdleRenew::new), "5.03", "5.05")
                        .breakingAlso("5.04"),
                Mutant.of(11, "stale extend steals", Broken.backend(() -> Resurrection::new), "5.04", "5.11"),
                Mutant.of(0, "never shortens a lease", Broken.client(() -> NeverShorter::new), "5.05"),
                Mutant.of(0, "renewal claims a fifth too much", Broken.backend(() -> Overclaim::new), "5.09"),
                Mutant.of(55, "lease rounded to seconds", Broken.backend(() -> WholeSeconds::new), "5.19")
                        .breakingAlso("5.04", "5.22"));
    }

    private static LockRequest withLease(LockRequest request, Duration lease) {
        return new LockRequest(
                request.name(), lease, request.waiting(), request.tokens(), request.holder(), request.callTimeout());
    }

    /** Grants entries for a day; what the holder may rely on is as it was asked for. */
    private static class LongEntry extends ForwardingBackend {
        private static final Duration DAY = Duration.ofDays(1);

        LongEntry(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new ForwardingContender(next.contend(withLease(request, DAY), wakeUp), request);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            long granted = grant.validUntil();
            return new ForwardingGrant(grant) {
                @Override
                public long validUntil() {
                    long until = super.validUntil();
                    return until == granted ? until - Validity.end(0, DAY) + Validity.end(0, request.lease()) : until;
                }
            };
        }
    }

    /** Has no end of entries but a release, not even that of an owner who gave up. */
    private static final class NeverExpires extends LongEntry {
        NeverExpires(LockBackend next) {
            super(next);
        }

        @Override
        public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
            return ReleaseOutcome.RELEASED;
        }
    }

    /** Remembers who holds what, over all clients. */
    private abstract static class Prolonging implements UnaryOperator<LockBackend> {
        private final Map<String, Grant> held = new ConcurrentHashMap<>();

        void prolong(String name) {
            Optional.ofNullable(held.get(name)).ifPresent(grant -> grant.renew(Duration.ofSeconds(30)));
        }

        /** Remembers what is granted. */
        class Remembering extends ForwardingBackend {
            Remembering(LockBackend next) {
                super(next);
            }

            @Override
            Grant grant(Grant grant, LockRequest request) {
                held.put(request.name(), grant);
                return grant;
            }
        }
    }

    private static final class ProlongedByLook extends Prolonging {
        @Override
        public LockBackend apply(LockBackend backend) {
            return new Remembering(backend) {
                @Override
                public Optional<HolderInfo> holder(String name) {
                    prolong(name);
                    return super.holder(name);
                }
            };
        }
    }

    private static final class ProlongedByRefusal extends Prolonging {
        @Override
        public LockBackend apply(LockBackend backend) {
            return new Remembering(backend) {
                @Override
                public Contender contend(LockRequest request, Runnable wakeUp) {
                    return new ForwardingContender(next.contend(request, wakeUp), request) {
                        @Override
                        public Attempt attempt(OwnerId owner) throws InterruptedException {
                            Attempt attempt = super.attempt(owner);
                            if (attempt instanceof Attempt.Refused) {
                                prolong(request.name());
                            }
                            return attempt;
                        }
                    };
                }
            };
        }
    }

    /** A client whose leases have another renew(). */
    private abstract static class OtherRenew extends ForwardingClient {
        OtherRenew(LockClient next) {
            super(next);
        }

        abstract boolean renew(Lease lease, Duration time);

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        @Override
                        public boolean renew(Duration time) {
                            return OtherRenew.this.renew(lease, time);
                        }
                    };
                }
            };
        }
    }

    private static final class IdleRenew extends OtherRenew {
        IdleRenew(LockClient next) {
            super(next);
        }

        @Override
        boolean renew(Lease lease, Duration time) {
            return lease.isHeld();
        }
    }

    private static final class NeverShorter extends OtherRenew {
        NeverShorter(LockClient next) {
            super(next);
        }

        @Override
        boolean renew(Lease lease, Duration time) {
            Duration left = lease.remaining();
            return lease.renew(left.compareTo(time) > 0 ? left : time);
        }
    }

    /** Takes the lock anew when a renewal finds it gone, and keeps quiet about it. */
    private static final class Resurrection extends ForwardingBackend {
        Resurrection(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(grant) {
                @Override
                public void watch(GrantListener listener) {
                    // tells of no loss
                }

                @Override
                public RenewOutcome renew(Duration lease) {
                    return super.renew(lease) == RenewOutcome.LOST ? takeAnew(request) : RenewOutcome.RENEWED;
                }
            };
        }

        private RenewOutcome takeAnew(LockRequest request) {
            try (Contender contender = next.contend(request, () -> {})) {
                var owner = new OwnerId(System.nanoTime(), 1);
                return contender.attempt(owner) instanceof Attempt.Granted ? RenewOutcome.RENEWED : RenewOutcome.LOST;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return RenewOutcome.UNKNOWN;
            }
        }
    }

    /** Adds something to what an automatic renewal has brought. */
    private static final class Overclaim extends ForwardingBackend {
        Overclaim(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new Claim(grant);
        }

        @Override
        public Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
            Map<Grant, RenewOutcome> outcomes = super.renewAll(due, lease);
            due.forEach(grant -> ((Claim) grant).excess = lease.dividedBy(5).toNanos());
            return outcomes;
        }

        private static final class Claim extends ForwardingGrant {
            private volatile long excess;

            Claim(Grant next) {
                super(next);
            }

            @Override
            public RenewOutcome renew(Duration lease) {
                excess = 0;
                return super.renew(lease);
            }

            @Override
            public long validUntil() {
                return super.validUntil() + excess;
            }
        }
    }

    private static final class WholeSeconds extends ForwardingBackend {
        WholeSeconds(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            Duration up = Duration.ofSeconds(request.lease().plusMillis(999).toSeconds());
            return super.contend(withLease(request, up), wakeUp);
        }
    }
}
