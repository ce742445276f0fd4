// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** What the rules of §8 must catch: fairness. */
final class FairnessMutants {
    private FairnessMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                                65,
                                "waiters are served last in, first out",
                                Broken.client(() -> {
                                    var stacks = new ConcurrentHashMap<String, Deque<CompletableFuture<Lease>>>();
                                    return next -> new LastInFirstOut(next, stacks);
                                }),
                                "8.01")
                        .breakingAlso("8.03", "8.04", "8.06"), // they are about the order, too
                Mutant.of(
                        65,
                        "newcomers are handed what is released",
                        Broken.client(() -> {
                            var limbo = new ConcurrentHashMap<String, Lease>();
                            return next -> new HandsToNewcomers(next, limbo);
                        }),
                        "8.03"),
                Mutant.of(0, "who left stays in the queue for seconds", Broken.backend(() -> StaysInQueue::new), "8.04")
                        .breakingAlso("8.03"), // where newcomers leave
                Mutant.of(0, "a client hands its lock to itself", Broken.client(() -> HandsToItself::new), "8.06"));
    }

    private static final class LastInFirstOut extends ForwardingClient {
        private final Map<String, Deque<CompletableFuture<Lease>>> stacks;

        LastInFirstOut(LockClient next, Map<String, Deque<CompletableFuture<Lease>>> stacks) {
            super(next);
            this.stacks = stacks;
        }

        @Override
        @SuppressWarnings("CollectionUndefinedEquality") // by identity, as wanted
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Lease acquire() throws InterruptedException {
                    Deque<CompletableFuture<Lease>> stack =
                            stacks.computeIfAbsent(name(), n -> new ConcurrentLinkedDeque<>());
                    var mine = new CompletableFuture<Lease>();
                    stack.push(mine);
                    CompletableFuture<Lease> asked = super.acquireAsync();
                    asked.thenAccept(lease -> stack.pop().complete(lease));
                    asked.exceptionally(failure -> {
                        mine.completeExceptionally(failure);
                        return null;
                    });
                    try {
                        return mine.get();
                    } catch (ExecutionException e) {
                        stack.remove(mine);
                        throw new IllegalStateException(e.getCause());
                    } catch (InterruptedException e) {
                        stack.remove(mine);
                        asked.cancel(true);
                        throw e;
                    }
                }
            };
        }
    }

    /** What is released may be taken for a moment by others before the store is told. */
    private abstract static class Limbo extends ForwardingClient {
        private static final Executor MOMENT = Later.afterMillis(3);

        private final Map<String, Lease> limbo;

        Limbo(LockClient next, Map<String, Lease> limbo) {
            super(next);
            this.limbo = limbo;
        }

        Optional<Lease> taken(String name) {
            return Optional.ofNullable(limbo.remove(name)).map(this::wrap);
        }

        /** Whether somebody is there to take it. */
        abstract boolean isWanted(String name);

        Lease wrap(Lease lease) {
            return new ForwardingLease(lease) {
                @Override
                public ReleaseOutcome release() {
                    if (!isWanted(lockName())) {
                        return super.release();
                    }
                    limbo.put(lockName(), lease);
                    MOMENT.execute(() -> {
                        if (limbo.remove(lockName(), lease)) {
                            lease.release();
                        }
                    });
                    return ReleaseOutcome.RELEASED;
                }

                @Override
                public void close() {
                    release();
                }
            };
        }
    }

    private static final class HandsToNewcomers extends Limbo {
        private final Set<String> refused = ConcurrentHashMap.newKeySet();

        HandsToNewcomers(LockClient next, Map<String, Lease> limbo) {
            super(next, limbo);
        }

        @Override
        boolean isWanted(String name) {
            return refused.remove(name);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire() {
                    Optional<Lease> lease = taken(name()).or(super::tryAcquire);
                    if (lease.isEmpty()) {
                        refused.add(name());
                    }
                    return lease;
                }

                @Override
                Lease wrap(Lease lease) {
                    return HandsToNewcomers.this.wrap(lease);
                }
            };
        }
    }

    private static final class HandsToItself extends Limbo {
        HandsToItself(LockClient next) {
            super(next, new ConcurrentHashMap<>());
        }

        @Override
        boolean isWanted(String name) {
            return true;
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Lease acquire() throws InterruptedException {
                    Optional<Lease> mine = taken(name());
                    return mine.isPresent() ? mine.get() : super.acquire();
                }

                @Override
                Lease wrap(Lease lease) {
                    return HandsToItself.this.wrap(lease);
                }
            };
        }
    }

    private static final class StaysInQueue extends ForwardingBackend {
        private static final Executor LATER = Later.afterMillis(3_000);

        StaysInQueue(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new ForwardingContender(next.contend(request, wakeUp), request) {
                @Override
                public void close() {
                    LATER.execute(super::close);
                }
            };
        }
    }
}
