// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What rule 2.17 must catch: grants that come after the end of a wait, and are kept. */
final class LateGrantMutants {
    private LateGrantMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(19, "a late grant is kept after a timeout", Broken.client(() -> AfterTimeout::new), "2.17"),
                Mutant.of(
                        0, "a late grant is kept after an interrupt", Broken.client(() -> AfterInterrupt::new), "2.17"),
                Mutant.of(
                        0, "a late grant is kept after a cancellation", Broken.client(() -> AfterCancel::new), "2.17"));
    }

    private static final class AfterTimeout extends ForwardingClient {
        AfterTimeout(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
                    if (maxWait.isZero()) {
                        return super.tryAcquire(maxWait);
                    }
                    try {
                        return Optional.of(super.acquireAsync().get(maxWait.toNanos(), TimeUnit.NANOSECONDS));
                    } catch (TimeoutException tooLate) {
                        return Optional.empty();
                    } catch (ExecutionException e) {
                        throw new IllegalStateException(e.getCause());
                    }
                }
            };
        }
    }

    private static final class AfterInterrupt extends ForwardingClient {
        AfterInterrupt(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Lease acquire() throws InterruptedException {
                    try {
                        return super.acquireAsync().get();
                    } catch (ExecutionException e) {
                        throw new IllegalStateException(e.getCause());
                    }
                }
            };
        }
    }

    private static final class AfterCancel extends ForwardingClient {
        AfterCancel(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public CompletableFuture<Lease> acquireAsync() {
                    return super.acquireAsync().thenApply(lease -> lease); // does not hand a cancellation on
                }
            };
        }
    }
}
