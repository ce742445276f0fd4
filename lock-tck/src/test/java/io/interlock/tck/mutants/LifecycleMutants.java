// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** What the rules of §10 must catch: the life of a client, and of a grant at its client's end. */
final class LifecycleMutants {
    private LifecycleMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(68, "close leaves locks held", Broken.backend(() -> LeavesHeld::new), "10.01")
                        .breakingAlso("10.02", "10.08", "10.10", "10.13"), // their locks are given up by close as well
                Mutant.of(68, "close leaves a queued waiter", Broken.backend(() -> LeavesQueued::new), "10.13"),
                Mutant.of(
                        68,
                        "close leaves a thread alive",
                        Broken.backend(() -> HygieneMutants.ThreadStays::new),
                        "10.07"),
                Mutant.of(0, "two closes at once fail", Broken.client(() -> ClosesAlone::new), "10.02"),
                Mutant.of(0, "a second close frees the next owner", Broken.client(ClosesAgain::breaking), "10.02"),
                Mutant.of(0, "a closed client answers", Broken.client(() -> AnswersClosed::new), "10.04"),
                Mutant.of(0, "a closed client asks the store", Broken.backend(() -> AsksClosed::new), "10.04"),
                Mutant.of(0, "a lease can be closed once only", Broken.client(() -> ClosesLeaseOnce::new), "10.06"),
                Mutant.of(0, "close waits for callbacks", Broken.client(() -> WaitsForCallbacks::new), "10.08"),
                Mutant.of(0, "a closed client's lease is held", Broken.client(() -> HeldWhenClosed::new), "10.09")
                        .breakingAlso("10.01", "10.02"), // they look at such a lease too
                Mutant.of(
                        0, "a close ends others' renewals", Broken.backend(LifecycleMutants::sharedRenewals), "10.10"),
                Mutant.of(0, "leases are kept from the collector", Broken.client(() -> KeepsLeases::new), "10.11"));
    }

    /** The engine gives held leases back on threads of its own. */
    private static final class LeavesHeld extends ForwardingBackend {
        LeavesHeld(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    boolean closing = Thread.currentThread().getName().startsWith("interlock-renewal");
                    return closing ? ReleaseOutcome.RELEASED : super.release();
                }
            };
        }
    }

    private static final class LeavesQueued extends ForwardingBackend {
        LeavesQueued(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new ForwardingContender(next.contend(request, wakeUp), request) {
                @Override
                public void close() {
                    // stays in the queue
                }
            };
        }
    }

    private static final class ClosesAlone extends ForwardingClient {
        private final AtomicInteger closing = new AtomicInteger();

        ClosesAlone(LockClient next) {
            super(next);
        }

        @Override
        public void close() {
            try {
                if (closing.incrementAndGet() > 1) {
                    throw new IllegalStateException("the client is being closed");
                }
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                super.close();
            } finally {
                closing.decrementAndGet();
            }
        }
    }

    /** Gives back what it once held, whoever holds it now. */
    private static final class ClosesAgain extends ForwardingClient {
        private final Set<ClosesAgain> clients;
        private final Set<String> names = ConcurrentHashMap.newKeySet();
        private final AtomicInteger closes = new AtomicInteger();

        ClosesAgain(LockClient next, Set<ClosesAgain> clients) {
            super(next);
            this.clients = clients;
            clients.add(this);
        }

        static UnaryOperator<LockClient> breaking() {
            Set<ClosesAgain> clients = ConcurrentHashMap.newKeySet();
            return next -> new ClosesAgain(next, clients);
        }

        @Override
        public DistributedLock lock(String name) {
            names.add(name);
            return super.lock(name);
        }

        @Override
        public void close() {
            super.close();
            clients.remove(this);
            if (closes.incrementAndGet() > 1) {
                names.forEach(name -> clients.forEach(other -> freed(other, name)));
            }
        }

        private static void freed(ClosesAgain other, String name) {
            other.holder(name)
                    .flatMap(holder -> holder.fencingToken().stream().boxed().findFirst())
                    .ifPresent(token -> other.forceRelease(name, token));
        }
    }

    private static final class AnswersClosed extends ForwardingClient {
        AnswersClosed(LockClient next) {
            super(next);
        }

        @Override
        public Optional<HolderInfo> holder(String name) {
            try {
                return super.holder(name);
            } catch (IllegalStateException closed) {
                return Optional.empty();
            }
        }
    }

    private static final class AsksClosed extends ForwardingBackend {
        AsksClosed(LockBackend next) {
            super(next);
        }

        @Override
        public void close() {
            super.close();
            var asking = new Thread(this::ask, "asking");
            asking.setDaemon(true);
            asking.start();
        }

        private void ask() {
            for (int i = 0; i < 5_000; i++) {
                LockSupport.parkNanos(100_000);
                next.holder("anything");
            }
        }
    }

    private static final class ClosesLeaseOnce extends ForwardingClient {
        ClosesLeaseOnce(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        private final AtomicInteger closes = new AtomicInteger();

                        @Override
                        public void close() {
                            if (closes.incrementAndGet() > 1) {
                                throw new IllegalStateException("the lease is closed");
                            }
                            super.close();
                        }
                    };
                }
            };
        }
    }

    private static final class WaitsForCallbacks extends ForwardingClient {
        WaitsForCallbacks(LockClient next) {
            super(next);
        }

        @Override
        public void close() {
            if (Thread.currentThread().getName().startsWith("interlock-callback")) {
                LockSupport.parkNanos(Duration.ofSeconds(5).toNanos()); // for the end of this very thread
            }
            super.close();
        }
    }

    private static final class HeldWhenClosed extends ForwardingClient {
        private volatile boolean closed;

        HeldWhenClosed(LockClient next) {
            super(next);
        }

        @Override
        public void close() {
            closed = true;
            super.close();
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        @Override
                        public boolean isHeld() {
                            return super.isHeld() || (closed && state() != LeaseState.RELEASED);
                        }
                    };
                }
            };
        }
    }

    private static UnaryOperator<LockBackend> sharedRenewals() {
        var closes = new AtomicInteger();
        return next -> new ForwardingBackend(next) {
            private final int before = closes.get();

            @Override
            Grant grant(Grant grant, LockRequest request) {
                return new ForwardingGrant(grant) {
                    @Override
                    public RenewOutcome renew(Duration lease) {
                        return closes.get() == before ? super.renew(lease) : RenewOutcome.UNKNOWN;
                    }
                };
            }

            @Override
            public void close() {
                closes.incrementAndGet();
                super.close();
            }
        };
    }

    private static final class KeepsLeases extends ForwardingClient {
        private final List<Lease> kept = new CopyOnWriteArrayList<>();

        KeepsLeases(LockClient next) {
            super(next);
        }

        @Override
        public DistributedLock lock(String name, LockOptions options) {
            return new ForwardingLock(next.lock(name, options)) {
                @Override
                Lease wrap(Lease lease) {
                    kept.add(lease);
                    return lease;
                }
            };
        }
    }
}
