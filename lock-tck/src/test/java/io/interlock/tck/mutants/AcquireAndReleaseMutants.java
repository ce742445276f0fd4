// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What the rules of §1 must catch: acquire and release. */
final class AcquireAndReleaseMutants {
    private AcquireAndReleaseMutants() {}

    static List<Mutant> all() {
        return Stream.of(refusals(), names(), visibility())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutant> refusals() {
        return List.of(
                Mutant.of(0, "refuses the first attempt", Broken.client(() -> RefusesFirst::new), "1.01"),
                Mutant.of(1, "every acquire succeeds", Broken.backend(() -> AlwaysGrants::new), "1.02", "2.01", "2.18")
                        .breakingAlso( // all that see one excluded
                                "1.04", "1.05", "1.06", "1.07", "1.10", "1.12", "1.14", "1.15", "2.02", "2.04", "2.05",
                                "2.06", "2.07", "2.08", "2.09", "2.10", "2.11", "2.17", "2.20"),
                Mutant.of(0, "waits although told not to", Broken.client(() -> WaitsAlways::new), "1.02"),
                Mutant.of(0, "queues although told not to wait", Broken.backend(() -> QueuesAlways::new), "1.02")
                        .breakingAlso("1.05", "1.06", "1.07", "1.12", "1.14"), // refuse, and take soon after
                Mutant.of(
                                0,
                                "remembers a hold until its release, even after its end",
                                Broken.client(() -> RemembersHolds::new),
                                "1.03",
                                "2.20")
                        .breakingAlso("2.05")); // the same client takes over from itself
    }

    private static List<Mutant> names() {
        return List.of(
                Mutant.of(71, "one lock for all names", Broken.backend(OneForAll::sharing), "1.04")
                        .breakingAlso("1.05"), // uses other names meanwhile
                Mutant.of(5, "a lock for each lock object", Broken.client(() -> LockPerObject::new), "1.05")
                        .breakingAlso("1.02"), // another object is refused there, too
                Mutant.of(
                        0,
                        "forgets held locks beyond a thousand names",
                        Broken.client(() -> ForgetsNames::new),
                        "1.05"));
    }

    private static List<Mutant> visibility() {
        return List.of(
                Mutant.of(
                                3,
                                "excludes only inside one client",
                                Broken.namespaced(() -> (l, n) -> own(n)),
                                "1.06",
                                "2.02")
                        .breakingAlso( // all that have two clients
                                "1.02", "1.03", "1.04", "1.07", "1.10", "1.12", "1.13", "1.14", "1.15", "2.04", "2.05",
                                "2.06", "2.07", "2.08", "2.09", "2.10", "2.11", "2.17", "2.18", "2.20"),
                Mutant.of(
                        6,
                        "now and then a grant is written behind",
                        Broken.backend(WriteBehind.Grants::sharing),
                        "1.07"),
                Mutant.of(
                                0,
                                "now and then a release is written behind",
                                Broken.backend(WriteBehind.Releases::sharing),
                                "1.08")
                        .breakingAlso("1.07")); // which takes the lock again and again, too
    }

    /** A store that the client shares with nobody. */
    private static LockBackend own(String namespace) {
        return MemoryLocks.create().backend(namespace);
    }

    private static final class RefusesFirst extends ForwardingClient {
        RefusesFirst(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
                    return maxWait.isZero() ? Optional.empty() : super.tryAcquire(maxWait);
                }
            };
        }
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

    private static final class WaitsAlways extends ForwardingClient {
        WaitsAlways(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
                    return super.tryAcquire(maxWait.isZero() ? Duration.ofSeconds(1) : maxWait);
                }
            };
        }
    }

    /** A refused attempt has a place in the queue for a while. */
    private static final class QueuesAlways extends ForwardingBackend {
        private static final Executor LATER = Later.afterMillis(200);

        QueuesAlways(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            if (request.waiting()) {
                return super.contend(request, wakeUp);
            }
            var waiting = new LockRequest(
                    request.name(), request.lease(), true, request.tokens(), request.holder(), request.callTimeout());
            return new ForwardingContender(next.contend(waiting, wakeUp), request) {
                @Override
                public void close() {
                    LATER.execute(super::close);
                }
            };
        }
    }

    /** A client's own list of what it holds, which only a release shortens. */
    private static final class RemembersHolds extends ForwardingClient {
        private final Set<String> holds = ConcurrentHashMap.newKeySet();

        RemembersHolds(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire() {
                    return holds.contains(name()) ? Optional.empty() : super.tryAcquire();
                }

                @Override
                Lease wrap(Lease lease) {
                    holds.add(name());
                    return new ForwardingLease(lease) {
                        @Override
                        public ReleaseOutcome release() {
                            holds.remove(name());
                            return super.release();
                        }

                        @Override
                        public void close() {
                            release();
                        }
                    };
                }
            };
        }
    }

    private static final class OneForAll extends ForwardingBackend {
        private final AtomicReference<String> last;

        static UnaryOperator<LockBackend> sharing() {
            var last = new AtomicReference<>("");
            return next -> new OneForAll(next, last);
        }

        OneForAll(LockBackend next, AtomicReference<String> last) {
            super(next);
            this.last = last;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new ForwardingContender(next.contend(request, wakeUp), request) {
                @Override
                public Attempt attempt(OwnerId owner) throws InterruptedException {
                    String other = last.get();
                    if (!other.equals(request.name())
                            && OneForAll.this.next.holder(other).isPresent()) {
                        return new Attempt.Refused(Duration.ofMillis(50), Optional.empty());
                    }
                    Attempt attempt = super.attempt(owner);
                    if (attempt instanceof Attempt.Granted) {
                        last.set(request.name());
                    }
                    return attempt;
                }
            };
        }
    }

    /** What one object holds, another of the same client takes again. */
    private static final class LockPerObject extends ForwardingClient {
        private final Map<String, DistributedLock> holders = new ConcurrentHashMap<>();

        LockPerObject(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire() {
                    DistributedLock holder = holders.get(name());
                    if (holder != null && holder != this) {
                        return LockPerObject.this.next.lock(name() + "#").tryAcquire();
                    }
                    return super.tryAcquire();
                }

                @Override
                Lease wrap(Lease lease) {
                    holders.put(name(), this);
                    return new ForwardingLease(lease) {
                        @Override
                        public ReleaseOutcome release() {
                            holders.remove(name());
                            return super.release();
                        }

                        @Override
                        public void close() {
                            release();
                        }
                    };
                }
            };
        }
    }

    /** A bounded cache of names, and what falls out of it becomes another lock. */
    private static final class ForgetsNames extends ForwardingClient {
        private final Map<String, String> forgotten = new ConcurrentHashMap<>();
        private final Map<String, Boolean> cache = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                boolean full = size() > 1000;
                if (full) {
                    forgotten.put(eldest.getKey(), eldest.getKey() + "#");
                }
                return full;
            }
        };

        ForgetsNames(LockClient next) {
            super(next);
        }

        @Override
        public DistributedLock lock(String name) {
            cache.put(name, true);
            return super.lock(forgotten.getOrDefault(name, name));
        }
    }
}
