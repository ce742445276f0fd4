// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LockClient;
import io.interlock.LockedBody;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What the rules of §1 must catch: arguments, answers, and what operators see and do. */
final class CallMutants {
    private CallMutants() {}

    static List<Mutant> all() {
        return Stream.of(calls(), operators()).flatMap(List::stream).toList();
    }

    private static List<Mutant> calls() {
        return List.of(
                Mutant.of(0, "a lease tells its name in lower case", Broken.client(() -> LowerCase::new), "1.09"),
                Mutant.of(0, "holders have held since 1970", Broken.backend(() -> Since1970::new), "1.09"),
                Mutant.of(0, "a negative wait counts as none", Broken.client(() -> NegativeIsNone::new), "1.10"),
                Mutant.of(0, "an endless wait overflows", Broken.client(() -> Overflows::new), "1.10"),
                Mutant.of(0, "a null wait counts as none", Broken.client(() -> NullIsNone::new), "1.11"),
                Mutant.of(0, "call() keeps the lock after an Error", Broken.client(() -> KeepsAfterError::new), "1.12"),
                Mutant.of(0, "call() hides a loss", Broken.client(() -> HidesLoss::new), "1.12"));
    }

    private static List<Mutant> operators() {
        return List.of(
                Mutant.of(
                        0,
                        "holder() tells of the last one until a release",
                        Broken.backend(() -> {
                            var last = new ConcurrentHashMap<String, HolderInfo>();
                            return next -> new LastHolder(next, last);
                        }),
                        "1.13"),
                Mutant.of(0, "a force release ends any grant", Broken.backend(() -> ForcesAny::new), "1.14"),
                Mutant.of(0, "a force release does nothing", Broken.backend(() -> ForcesNothing::new), "1.14"),
                Mutant.of(
                        71,
                        "separator collision of namespace and name",
                        Broken.namespaced(() -> (locks, namespace) -> namespace.equals("default")
                                ? locks.backend()
                                : new Prefixed(locks.backend(), namespace + "-")),
                        "1.15"),
                Mutant.of(
                        0,
                        "namespaces are ignored",
                        Broken.namespaced(() -> (locks, namespace) -> locks.backend()),
                        "1.15"));
    }

    private static final class LowerCase extends ForwardingClient {
        LowerCase(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        @Override
                        public String lockName() {
                            return super.lockName().toLowerCase(Locale.ROOT);
                        }
                    };
                }
            };
        }
    }

    private static final class Since1970 extends ForwardingBackend {
        Since1970(LockBackend next) {
            super(next);
        }

        @Override
        public Optional<HolderInfo> holder(String name) {
            return super.holder(name)
                    .map(holder -> new HolderInfo(
                            holder.host(),
                            holder.pid(),
                            holder.thread(),
                            holder.label(),
                            Optional.of(Instant.EPOCH),
                            holder.fencingToken()));
        }
    }

    /** Makes something else of the time that a caller wants to wait. */
    private abstract static class OtherWaits extends ForwardingClient {
        OtherWaits(LockClient next) {
            super(next);
        }

        abstract Duration wait(Duration asked);

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
                    return super.tryAcquire(OtherWaits.this.wait(maxWait));
                }
            };
        }
    }

    private static final class NegativeIsNone extends OtherWaits {
        NegativeIsNone(LockClient next) {
            super(next);
        }

        @Override
        Duration wait(Duration asked) {
            return asked.isNegative() ? Duration.ZERO : asked;
        }
    }

    private static final class Overflows extends OtherWaits {
        Overflows(LockClient next) {
            super(next);
        }

        @Override
        Duration wait(Duration asked) {
            return asked.isNegative() ? asked : Duration.ofNanos(asked.toNanos());
        }
    }

    private static final class NullIsNone extends OtherWaits {
        NullIsNone(LockClient next) {
            super(next);
        }

        @Override
        Duration wait(Duration asked) {
            return asked == null ? Duration.ZERO : asked;
        }
    }

    private static final class KeepsAfterError extends ForwardingClient {
        KeepsAfterError(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public <T, X extends Exception> T call(LockedBody<T, X> body) throws X, InterruptedException {
                    Objects.requireNonNull(body, "body");
                    Lease lease = acquire();
                    try {
                        T result = body.run(lease);
                        release(lease);
                        return result;
                    } catch (LeaseLostException lost) {
                        throw lost;
                    } catch (Exception failed) {
                        try {
                            release(lease);
                        } catch (LeaseLostException lost) {
                            failed.addSuppressed(lost);
                        }
                        throw failed;
                    }
                }

                private void release(Lease lease) {
                    if (lease.release() == ReleaseOutcome.NOT_HELD) {
                        throw new LeaseLostException(name(), LossReason.EXPIRED);
                    }
                }
            };
        }
    }

    private static final class HidesLoss extends ForwardingClient {
        HidesLoss(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public <T, X extends Exception> T call(LockedBody<T, X> body) throws X, InterruptedException {
                    Objects.requireNonNull(body, "body");
                    try (Lease lease = acquire()) {
                        return body.run(lease);
                    }
                }
            };
        }
    }

    private static final class LastHolder extends ForwardingBackend {
        private final Map<String, HolderInfo> last;

        LastHolder(LockBackend next, Map<String, HolderInfo> last) {
            super(next);
            this.last = last;
        }

        @Override
        public Optional<HolderInfo> holder(String name) {
            return Optional.ofNullable(last.get(name));
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            super.holder(request.name()).ifPresent(holder -> last.put(request.name(), holder));
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    last.remove(request.name());
                    return super.release();
                }
            };
        }
    }

    private static final class ForcesAny extends ForwardingBackend {
        ForcesAny(LockBackend next) {
            super(next);
        }

        @Override
        public boolean forceRelease(String name, long fencingToken) {
            return holder(name)
                    .map(holder ->
                            super.forceRelease(name, holder.fencingToken().orElseThrow()))
                    .orElse(false);
        }
    }

    private static final class ForcesNothing extends ForwardingBackend {
        ForcesNothing(LockBackend next) {
            super(next);
        }

        @Override
        public boolean forceRelease(String name, long fencingToken) {
            return holder(name)
                    .filter(holder -> holder.fencingToken().orElseThrow() == fencingToken)
                    .isPresent();
        }
    }

    /** Puts something before the name. */
    private static final class Prefixed extends ForwardingBackend {
        private final String prefix;

        Prefixed(LockBackend next, String prefix) {
            super(next);
            this.prefix = prefix;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return super.contend(prefixed(request), wakeUp);
        }

        @Override
        public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
            return super.undo(prefixed(request), owner);
        }

        private LockRequest prefixed(LockRequest request) {
            return DoubleGrants.named(request, prefix + request.name());
        }
    }
}
