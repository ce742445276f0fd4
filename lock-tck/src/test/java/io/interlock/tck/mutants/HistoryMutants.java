// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/** What the rules of §14 must catch: histories. */
final class HistoryMutants {
    /** Two holders at a time spoil refusals, tokens, what they both write, waits, and whatever else there is to see. */
    private static final String[] WHERE_TWO_HOLD = {"14.02", "14.03", "14.04", "14.05", "14.06", "14.09"};

    private HistoryMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(1, "every acquire succeeds, in histories", Broken.backend(() -> AlwaysGrants::new), "14.01")
                        .breakingAlso(WHERE_TWO_HOLD),
                Mutant.of(
                                0,
                                "each client has a store of its own, in histories",
                                Broken.namespaced(() -> (locks, namespace) ->
                                        MemoryLocks.create().backend(namespace)),
                                "14.01")
                        .breakingAlso(WHERE_TWO_HOLD),
                Mutant.of(0, "entries live half as long as their leases", Broken.backend(() -> HalfLives::new), "14.01")
                        .breakingAlso("14.03"),
                // no history with such tokens is valid, so that nothing can be planted into it
                Mutant.of(0, "all tokens are alike", tokens(real -> 7), "14.02", "14.05")
                        .breakingAlso("14.09"),
                Mutant.of(0, "tokens go down", tokens(real -> Long.MAX_VALUE - real), "14.02", "14.05")
                        .breakingAlso("14.09"),
                Mutant.of(0, "some releases say 'not held'", Broken.client(() -> SaysNotHeld::new), "14.03"),
                Mutant.of(0, "releases always say 'released'", Broken.client(() -> SaysReleased::new), "14.03"),
                Mutant.of(0, "some attempts are refused unasked", Broken.client(() -> RefusesUnasked::new), "14.04"),
                Mutant.of(0, "some wake-ups come late", Broken.backend(() -> WakesLate::new), "14.06"),
                Mutant.of(0, "entries outlive their leases", Broken.backend(() -> LongLives::new), "14.06"));
    }

    private static Supplier<TckBackend> tokens(LongUnaryOperator made) {
        return Broken.backend(() -> next -> new ForwardingBackend(next) {
            @Override
            Grant grant(Grant grant, LockRequest request) {
                return new ForwardingGrant(grant) {
                    @Override
                    public long fencingToken() {
                        return made.applyAsLong(super.fencingToken());
                    }
                };
            }
        });
    }

    private static final class AlwaysGrants extends DoubleGrants {
        AlwaysGrants(LockBackend next) {
            super(next);
        }

        @Override
        boolean ignores(boolean looked, LockRequest request) {
            return true;
        }
    }

    /** Asks the store for another time than the holder believes in. */
    private abstract static class OtherLives extends ForwardingBackend {
        private final Set<OwnerId> granted = ConcurrentHashMap.newKeySet();

        OtherLives(LockBackend next) {
            super(next);
        }

        abstract Duration instead(Duration lease);

        @Override
        public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
            return granted.contains(owner) ? ReleaseOutcome.NOT_HELD : super.undo(request, owner);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            var other = new LockRequest(
                    request.name(),
                    instead(request.lease()),
                    request.waiting(),
                    request.tokens(),
                    request.holder(),
                    request.callTimeout());
            return new ForwardingContender(next.contend(other, wakeUp), request);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            long shift = request.lease().minus(instead(request.lease())).toNanos();
            granted.add(grant.owner());
            var end = new AtomicLong(System.nanoTime() + request.lease().toNanos());
            return new ForwardingGrant(grant) {
                @Override
                public long validUntil() {
                    return super.validUntil() + shift;
                }

                @Override
                public RenewOutcome renew(Duration lease) {
                    end.set(System.nanoTime() + lease.toNanos());
                    return super.renew(lease);
                }

                @Override
                public ReleaseOutcome release() { // the holder does not clean up what is over
                    return System.nanoTime() > end.get() ? ReleaseOutcome.NOT_HELD : super.release();
                }
            };
        }
    }

    private static final class HalfLives extends OtherLives {
        HalfLives(LockBackend next) {
            super(next);
        }

        @Override
        Duration instead(Duration lease) {
            return lease.dividedBy(2);
        }
    }

    private static final class LongLives extends OtherLives {
        LongLives(LockBackend next) {
            super(next);
        }

        @Override
        Duration instead(Duration lease) {
            return lease.plusSeconds(2);
        }
    }

    private static final class WakesLate extends ForwardingBackend {
        private final AtomicInteger count = new AtomicInteger();

        WakesLate(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            var late = Later.afterMillis(800);
            return super.contend(request, () -> {
                if (count.incrementAndGet() % 10 == 0) {
                    late.execute(wakeUp);
                } else {
                    wakeUp.run();
                }
            });
        }
    }

    /** Breaks what releases answer. */
    private abstract static class OtherAnswers extends ForwardingClient {
        OtherAnswers(LockClient next) {
            super(next);
        }

        abstract ReleaseOutcome instead(ReleaseOutcome outcome);

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        @Override
                        public ReleaseOutcome release() {
                            return instead(super.release());
                        }
                    };
                }
            };
        }
    }

    private static final class SaysNotHeld extends OtherAnswers {
        private final AtomicInteger count = new AtomicInteger();

        SaysNotHeld(LockClient next) {
            super(next);
        }

        @Override
        ReleaseOutcome instead(ReleaseOutcome outcome) {
            return count.incrementAndGet() % 8 == 0 ? ReleaseOutcome.NOT_HELD : outcome;
        }
    }

    private static final class SaysReleased extends OtherAnswers {
        SaysReleased(LockClient next) {
            super(next);
        }

        @Override
        ReleaseOutcome instead(ReleaseOutcome outcome) {
            return ReleaseOutcome.RELEASED;
        }
    }

    private static final class RefusesUnasked extends ForwardingClient {
        private final AtomicInteger count = new AtomicInteger();

        RefusesUnasked(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire() {
                    return count.incrementAndGet() % 4 == 0 ? Optional.empty() : super.tryAcquire();
                }
            };
        }
    }
}
