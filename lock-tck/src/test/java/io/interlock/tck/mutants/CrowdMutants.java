// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** What the rules of §4 must catch: crowds. */
final class CrowdMutants {
    private static final int POOL = 8;

    private CrowdMutants() {}

    static List<Mutant> all() {
        var mutants = new ArrayList<>(List.of(
                Mutant.of(
                        0,
                        "a release wakes everybody",
                        Broken.backend(() -> {
                            var waiting = new ConcurrentHashMap<String, Set<Runnable>>();
                            return next -> new Herd(next, waiting);
                        }),
                        "4.15"),
                Mutant.of(
                                44,
                                "busy polling every millisecond",
                                Broken.backend(() -> next -> WaitingMutants.retrying(next, Duration.ofMillis(1))),
                                "4.16")
                        .breakingAlso("4.15", "4.19"),
                Mutant.of(43, "a waiter holds a connection of the pool", Broken.backend(() -> Pooled::new), "4.19")
                        .breakingAlso("4.20"),
                Mutant.of(
                        0,
                        "who waits for one name keeps his client from others",
                        Broken.client(() -> OneAtATime::new),
                        "4.20")));
        mutants.add(Mutant.of(0, "virtual threads wait by spinning", Broken.client(() -> Spins::new), "4.21")
                .runningAlone()); // on as many processors as there are
        return mutants;
    }

    private static final class Herd extends ForwardingBackend {
        private final Map<String, Set<Runnable>> waiting;

        Herd(LockBackend next, Map<String, Set<Runnable>> waiting) {
            super(next);
            this.waiting = waiting;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            Set<Runnable> all = waiting.computeIfAbsent(request.name(), n -> ConcurrentHashMap.newKeySet());
            all.add(wakeUp);
            return new ForwardingContender(next.contend(request, () -> all.forEach(Runnable::run)), request) {
                @Override
                public void close() {
                    all.remove(wakeUp);
                    super.close();
                }
            };
        }
    }

    /** Attempts go on when the pool is empty, so that only what the rule is about is broken. */
    private static final class Pooled extends ForwardingBackend {
        private final Semaphore pool = new Semaphore(POOL);

        Pooled(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new ForwardingContender(next.contend(request, wakeUp), request) {
                private boolean borrowed;

                @Override
                public Attempt attempt(OwnerId owner) throws InterruptedException {
                    Attempt attempt = super.attempt(owner);
                    if (attempt instanceof Attempt.Refused && request.waiting() && !borrowed) {
                        borrowed = pool.tryAcquire();
                    }
                    return attempt;
                }

                @Override
                public void close() {
                    super.close();
                    if (borrowed) {
                        borrowed = false;
                        pool.release();
                    }
                }
            };
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(grant) {
                @Override
                public RenewOutcome renew(Duration lease) {
                    return borrow() ? super.renew(lease) : RenewOutcome.UNKNOWN;
                }

                @Override
                public ReleaseOutcome release() {
                    return borrow() ? super.release() : ReleaseOutcome.UNKNOWN;
                }
            };
        }

        private boolean borrow() {
            try {
                if (!pool.tryAcquire(2, TimeUnit.SECONDS)) {
                    return false;
                }
                pool.release();
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private static final class OneAtATime extends ForwardingClient {
        private final ReentrantLock turn = new ReentrantLock();

        OneAtATime(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Lease acquire() throws InterruptedException {
                    turn.lockInterruptibly();
                    try {
                        return super.acquire();
                    } finally {
                        turn.unlock();
                    }
                }
            };
        }
    }

    private static final class Spins extends ForwardingClient {
        Spins(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Lease acquire() throws InterruptedException {
                    if (!isVirtual()) {
                        return super.acquire();
                    }
                    while (true) {
                        Optional<Lease> lease = super.tryAcquire();
                        if (lease.isPresent()) {
                            return lease.get();
                        }
                    }
                }
            };
        }

        private static boolean isVirtual() {
            try {
                Method method = Thread.class.getMethod("isVirtual");
                return (boolean) method.invoke(Thread.currentThread());
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("this Java has no virtual threads", e);
            }
        }
    }
}
