// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** What the rules of §2 must catch: two at once. */
final class ExclusionMutants {
    private static final long GAP = Duration.ofNanos(200_000).toNanos();

    private ExclusionMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(2, "checks, then acts", Broken.backend(() -> ChecksThenActs::new), "2.01", "2.09")
                        .breakingAlso("2.02", "2.10", "2.11", "2.18"), // every other race for a free lock
                Mutant.of(
                        0,
                        "checks, then acts when it takes over an expired entry",
                        Broken.backend(() -> {
                            var unreleased = new ConcurrentHashMap<String, Grant>();
                            return next -> new TakesOverUnsafely(next, unreleased);
                        }),
                        "2.10"),
                Mutant.of(
                                0,
                                "newcomers take a lock that was just handed to a waiter",
                                Broken.backend(() -> {
                                    var handed = new ConcurrentHashMap<String, Long>();
                                    return next -> new OverlooksWaiters(next, handed);
                                }),
                                "2.11")
                        .breakingAlso("2.05", "2.06", "2.08"), // wait for it, and then let another try
                Mutant.of(24, "a quorum is half of the nodes", () -> new QuorumTckBackend(1, Runnable::run), "2.22")
                        .breakingAlso(
                                "2.01", "2.02", "2.05", "2.06", "2.09", "2.10", "2.11", "2.18"), // two get one each
                Mutant.of(
                                0,
                                "an attempt without a majority keeps its nodes for a while",
                                () -> new QuorumTckBackend(2, Later.afterMillis(1500)),
                                "2.22")
                        .breakingAlso("2.10", "2.11")); // which can't be granted then either
    }

    private static final class ChecksThenActs extends DoubleGrants {
        ChecksThenActs(LockBackend next) {
            super(next);
        }

        @Override
        boolean look(LockRequest request) {
            boolean free = holder(request.name()).isEmpty();
            LockSupport.parkNanos(GAP);
            return free;
        }

        @Override
        boolean ignores(boolean looked, LockRequest request) {
            return looked;
        }
    }

    private static final class TakesOverUnsafely extends DoubleGrants {
        private final Map<String, Grant> unreleased;

        TakesOverUnsafely(LockBackend next, Map<String, Grant> unreleased) {
            super(next);
            this.unreleased = unreleased;
        }

        @Override
        boolean look(LockRequest request) {
            Grant last = unreleased.get(request.name());
            boolean over = last != null
                    && holder(request.name()).isEmpty()
                    && last == unreleased.get(request.name()); // or it was released meanwhile
            if (over) {
                LockSupport.parkNanos(GAP);
            }
            return over;
        }

        @Override
        boolean ignores(boolean looked, LockRequest request) {
            return looked;
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            unreleased.put(request.name(), grant);
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    unreleased.remove(request.name());
                    return super.release();
                }
            };
        }
    }

    private static final class OverlooksWaiters extends DoubleGrants {
        private final Map<String, Long> handed; // name to the time of the grant

        OverlooksWaiters(LockBackend next, Map<String, Long> handed) {
            super(next);
            this.handed = handed;
        }

        @Override
        boolean ignores(boolean looked, LockRequest request) {
            Long at = handed.get(request.name());
            return !request.waiting() && at != null && System.nanoTime() - at < GAP;
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            if (request.waiting()) {
                handed.put(request.name(), System.nanoTime());
            }
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    handed.remove(request.name());
                    return super.release();
                }
            };
        }
    }
}
