// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the rules of §4 must catch: how waits end. */
final class WaitEndMutants {
    private WaitEndMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                                35,
                                "timeout is ignored",
                                Broken.client(() -> next -> stretched(next, wait -> Duration.ofDays(1))),
                                "4.06")
                        .breakingAlso("4.07", "4.13"),
                Mutant.of(
                        0,
                        "a timed wait ends a tenth early",
                        Broken.client(() -> next ->
                                stretched(next, wait -> wait.multipliedBy(9).dividedBy(10))),
                        "4.06"),
                Mutant.of(0, "each new holder starts the time anew", Broken.client(() -> StartsAnew::new), "4.06"),
                Mutant.of(68, "close leaves waiters hanging", Broken.client(() -> ClosesLate::new), "4.22"));
    }

    /** A client whose timed waits take another time than they should. */
    private static LockClient stretched(LockClient next, UnaryOperator<Duration> other) {
        return new ForwardingClient(next) {
            @Override
            DistributedLock wrap(DistributedLock lock) {
                return new ForwardingLock(lock) {
                    @Override
                    public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
                        return super.tryAcquire(other.apply(maxWait));
                    }
                };
            }
        };
    }

    private static final class StartsAnew extends ForwardingClient {
        StartsAnew(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Lease acquire(Duration maxWait) throws InterruptedException {
                    return tryAcquire(maxWait)
                            .orElseThrow(() -> new LockTimeoutException(lock.name(), maxWait, Optional.empty()));
                }

                @Override
                public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    long end = System.nanoTime() + maxWait.toNanos();
                    Optional<HolderInfo> last = StartsAnew.this.next.holder(lock.name());
                    while (System.nanoTime() < end) {
                        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                        Duration look = Duration.ofMillis(20);
                        Optional<Lease> lease = super.tryAcquire(left.compareTo(look) < 0 ? left : look);
                        if (lease.isPresent()) {
                            return lease;
                        }
                        Optional<HolderInfo> holder = StartsAnew.this.next.holder(lock.name());
                        if (!holder.equals(last)) {
                            last = holder;
                            end = System.nanoTime() + maxWait.toNanos();
                        }
                    }
                    return super.tryAcquire(Duration.ZERO);
                }
            };
        }
    }

    private static final class ClosesLate extends ForwardingClient {
        ClosesLate(LockClient next) {
            super(next);
        }

        @Override
        public void close() {
            Later.afterMillis(3_000).execute(next::close);
        }
    }
}
