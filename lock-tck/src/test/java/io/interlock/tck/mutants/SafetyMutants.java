// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockView;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** What the rules of §2 must catch: whoever frees or prolongs what is not theirs. */
final class SafetyMutants {
    private SafetyMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(8, "anyone may release", Broken.client(() -> leases().apply(AnyoneReleases::new)), "2.04")
                        .breakingAlso("2.08"), // another thread is anyone, too
                Mutant.of(
                        0,
                        "who gives up a wait deletes the holder's entry",
                        Broken.backend(() -> grants().apply(LeavingDeletes::new)),
                        "2.04"),
                Mutant.of(
                        9,
                        "a stale release frees the new owner",
                        Broken.backend(() -> grants().apply(StaleReleases::new)),
                        "2.05"),
                Mutant.of(
                        11,
                        "a stale extend prolongs the new owner",
                        Broken.backend(() -> grants().apply(StaleExtends::new)),
                        "2.06"),
                Mutant.of(
                        13,
                        "a second release frees the next owner",
                        Broken.client(() -> leases().apply(ReleasesTwice::new)),
                        "2.07"),
                Mutant.of(
                                0,
                                "only the thread that acquired may release",
                                Broken.client(() -> ReleasesByThread::new),
                                "2.08")
                        .breakingAlso("2.07", "2.09", "2.10", "2.17"), // hand leases from thread to thread
                Mutant.of(0, "every thread may unlock a view", Broken.client(() -> LooseViews::new), "2.08"));
    }

    private interface OfGrants {
        UnaryOperator<LockBackend> apply(BiFunction<LockBackend, Map<String, Grant>, LockBackend> mutant);
    }

    /** Mutants that know the present grant of each name, whosever it is. */
    private static OfGrants grants() {
        var present = new ConcurrentHashMap<String, Grant>();
        return mutant -> next -> mutant.apply(next, present);
    }

    private interface OfLeases {
        UnaryOperator<LockClient> apply(BiFunction<LockClient, Map<String, Lease>, LockClient> mutant);
    }

    /** Mutants that know the present lease of each name, whosever it is. */
    private static OfLeases leases() {
        var held = new ConcurrentHashMap<String, Lease>();
        return mutant -> next -> mutant.apply(next, held);
    }

    private abstract static class KnowsGrants extends ForwardingBackend {
        final Map<String, Grant> present;

        KnowsGrants(LockBackend next, Map<String, Grant> present) {
            super(next);
            this.present = present;
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            present.put(request.name(), grant);
            return super.grant(grant, request);
        }
    }

    private static final class LeavingDeletes extends KnowsGrants {
        LeavingDeletes(LockBackend next, Map<String, Grant> present) {
            super(next, present);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new ForwardingContender(next.contend(request, wakeUp), request) {
                private boolean refused;

                @Override
                public Attempt attempt(OwnerId owner) throws InterruptedException {
                    Attempt attempt = super.attempt(owner);
                    refused = attempt instanceof Attempt.Refused;
                    return attempt;
                }

                @Override
                public void close() {
                    super.close();
                    if (refused && request.waiting()) {
                        present.get(request.name()).release();
                    }
                }
            };
        }
    }

    private static final class StaleReleases extends KnowsGrants {
        StaleReleases(LockBackend next, Map<String, Grant> present) {
            super(next, present);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(super.grant(grant, request)) {
                @Override
                public ReleaseOutcome release() {
                    ReleaseOutcome outcome = super.release();
                    return outcome == ReleaseOutcome.NOT_HELD
                            ? present.get(request.name()).release()
                            : outcome;
                }
            };
        }
    }

    private static final class StaleExtends extends KnowsGrants {
        StaleExtends(LockBackend next, Map<String, Grant> present) {
            super(next, present);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(super.grant(grant, request)) {
                @Override
                public RenewOutcome renew(Duration lease) {
                    RenewOutcome outcome = super.renew(lease);
                    if (outcome == RenewOutcome.LOST) {
                        present.get(request.name()).renew(lease);
                    }
                    return outcome;
                }
            };
        }
    }

    private abstract static class KnowsLeases extends ForwardingClient {
        final Map<String, Lease> held;

        KnowsLeases(LockClient next, Map<String, Lease> held) {
            super(next);
            this.held = held;
        }

        LockView view(DistributedLock lock) {
            return lock.asLock();
        }

        Lease lease(Lease lease) {
            return lease;
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    held.put(name(), lease);
                    return lease(lease);
                }

                @Override
                public LockView asLock() {
                    return view(next);
                }
            };
        }
    }

    private static final class AnyoneReleases extends KnowsLeases {
        AnyoneReleases(LockClient next, Map<String, Lease> held) {
            super(next, held);
        }

        @Override
        LockView view(DistributedLock lock) {
            return new LooseView(lock) {
                @Override
                public void unlock() {
                    held.get(lock.name()).release();
                }
            };
        }
    }

    private static final class ReleasesTwice extends KnowsLeases {
        ReleasesTwice(LockClient next, Map<String, Lease> held) {
            super(next, held);
        }

        @Override
        Lease lease(Lease lease) {
            return new ForwardingLease(lease) {
                private boolean released;

                @Override
                public ReleaseOutcome release() {
                    if (released) {
                        held.get(lockName()).release();
                    }
                    released = true;
                    return super.release();
                }

                @Override
                public void close() {
                    release();
                }
            };
        }
    }

    private static final class ReleasesByThread extends ForwardingClient {
        ReleasesByThread(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    Thread owner = Thread.currentThread();
                    return new ForwardingLease(lease) {
                        @Override
                        public ReleaseOutcome release() {
                            if (Thread.currentThread() != owner) {
                                throw new IllegalMonitorStateException("not the owner");
                            }
                            return super.release();
                        }
                    };
                }
            };
        }
    }

    private static final class LooseViews extends ForwardingClient {
        LooseViews(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            var view = new LooseView(lock);
            return new ForwardingLock(lock) {
                @Override
                public LockView asLock() {
                    return view;
                }
            };
        }
    }
}
