// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockTimeoutException;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the rules of §9 must catch: the asynchronous API. */
final class AsyncMutants {
    private AsyncMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(0, "the call waits a while itself", locks(WaitsItself::new), "9.01"),
                Mutant.of(0, "a time-out gives nothing instead of an error", changed(AsyncMutants::nothing), "9.02"),
                Mutant.of(
                        0,
                        "an async wait ends a tenth early",
                        timed(wait ->
                                wait.isNegative() ? wait : wait.multipliedBy(9).dividedBy(10)),
                        "9.02"),
                Mutant.of(
                                0,
                                "cancel does not reach the wait",
                                changed((lock, lease) -> lease.thenApply(l -> l)),
                                "9.03",
                                "9.04")
                        .breakingAlso("9.01", "9.07"),
                Mutant.of(
                        0,
                        "a grant that a cancellation overtakes is kept",
                        changed((lock, lease) -> kept(lease)),
                        "9.04"),
                Mutant.of(67, "callbacks on the only I/O thread", Broken.client(() -> OneThread::new), "9.05"),
                Mutant.of(0, "an async grant belongs to the thread that delivers it", locks(BindsLease::new), "9.06"),
                Mutant.of(
                        0,
                        "acquireAsync of a closed client throws",
                        Broken.client(() -> ThrowsWhenClosed::new),
                        "9.07"),
                Mutant.of(0, "bad arguments are told by the future", locks(TellsLate::new), "9.08"),
                Mutant.of(0, "a thread for each pending acquisition", locks(ThreadEach::new), "9.09"));
    }

    private static Supplier<TckBackend> locks(Function<DistributedLock, DistributedLock> breaking) {
        return Broken.client(() -> next -> new ForwardingClient(next) {
            @Override
            DistributedLock wrap(DistributedLock lock) {
                return breaking.apply(lock);
            }
        });
    }

    /** Clients whose futures are not those of the engine. */
    private static Supplier<TckBackend> changed(
            BiFunction<DistributedLock, CompletableFuture<Lease>, CompletableFuture<Lease>> change) {
        return locks(next -> new ForwardingClient.ForwardingLock(next) {
            @Override
            CompletableFuture<Lease> wrap(CompletableFuture<Lease> future) {
                return change.apply(next, future);
            }
        });
    }

    private static Supplier<TckBackend> timed(Function<Duration, Duration> other) {
        return locks(next -> new ForwardingClient.ForwardingLock(next) {
            @Override
            public CompletableFuture<Lease> acquireAsync(Duration maxWait) {
                return super.acquireAsync(other.apply(maxWait));
            }
        });
    }

    private static CompletableFuture<Lease> nothing(DistributedLock lock, CompletableFuture<Lease> future) {
        var out = new CompletableFuture<@Nullable Lease>();
        future.whenComplete((lease, failure) -> {
            if (failure instanceof LockTimeoutException) {
                out.complete(null);
            } else if (failure != null) {
                out.completeExceptionally(failure);
            } else if (!out.complete(lease)) {
                lease.release();
            }
        });
        out.whenComplete((lease, failure) -> future.cancel(true));
        return out;
    }

    private static CompletableFuture<Lease> kept(CompletableFuture<Lease> future) {
        var out = new CompletableFuture<Lease>();
        future.whenCompleteAsync(
                (lease, failure) -> {
                    if (failure != null) {
                        out.completeExceptionally(failure);
                    } else {
                        out.complete(lease);
                    }
                },
                Later::inThread);
        out.whenComplete((lease, failure) -> future.cancel(true));
        return out;
    }

    private static final class WaitsItself extends ForwardingClient.ForwardingLock {
        WaitsItself(DistributedLock next) {
            super(next);
        }

        @Override
        public CompletableFuture<Lease> acquireAsync() {
            try {
                Optional<Lease> lease = super.tryAcquire(Duration.ofMillis(350));
                return lease.isPresent() ? CompletableFuture.completedFuture(lease.get()) : super.acquireAsync();
            } catch (InterruptedException e) {
                return CompletableFuture.failedFuture(e);
            } catch (IllegalStateException closed) {
                return super.acquireAsync();
            }
        }
    }

    /** As if the thread that hears the store's answers ran the dependants too. */
    private static final class OneThread extends ForwardingClient {
        private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            var io = new Thread(task, "mutant-io");
            io.setDaemon(true);
            return io;
        });

        OneThread(LockClient next) {
            super(next);
        }

        @Override
        public void close() {
            super.close();
            thread.shutdown();
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                CompletableFuture<Lease> wrap(CompletableFuture<Lease> future) {
                    var moved = new CompletableFuture<Lease>();
                    future.whenComplete((lease, failure) -> {
                        if (failure != null) {
                            moved.completeExceptionally(failure);
                        } else {
                            thread.execute(() -> {
                                if (!moved.complete(lease)) {
                                    lease.release();
                                }
                            });
                        }
                    });
                    moved.whenComplete((lease, failure) -> future.cancel(true));
                    return moved;
                }
            };
        }
    }

    private static final class BindsLease extends ForwardingClient.ForwardingLock {
        BindsLease(DistributedLock next) {
            super(next);
        }

        @Override
        public CompletableFuture<Lease> acquireAsync() {
            return bound(next.acquireAsync());
        }

        private CompletableFuture<Lease> bound(CompletableFuture<Lease> future) {
            var out = new CompletableFuture<Lease>();
            future.whenComplete((lease, failure) -> {
                if (failure != null) {
                    out.completeExceptionally(failure);
                } else if (!out.complete(boundTo(Thread.currentThread(), lease))) {
                    lease.release();
                }
            });
            out.whenComplete((lease, failure) -> future.cancel(true));
            return out;
        }

        private static Lease boundTo(Thread owner, Lease lease) {
            return new ForwardingClient.ForwardingLease(lease) {
                @Override
                public ReleaseOutcome release() {
                    return Thread.currentThread() == owner ? super.release() : ReleaseOutcome.NOT_HELD;
                }
            };
        }
    }

    private static final class ThrowsWhenClosed extends ForwardingClient {
        private volatile boolean closed;

        ThrowsWhenClosed(LockClient next) {
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
                CompletableFuture<Lease> wrap(CompletableFuture<Lease> future) {
                    if (closed) {
                        throw new IllegalStateException("closed");
                    }
                    return super.wrap(future);
                }
            };
        }
    }

    private static final class TellsLate extends ForwardingClient.ForwardingLock {
        TellsLate(DistributedLock next) {
            super(next);
        }

        @Override
        public CompletableFuture<Lease> acquireAsync(Duration maxWait) {
            try {
                return super.acquireAsync(maxWait);
            } catch (IllegalArgumentException | NullPointerException refused) {
                return CompletableFuture.failedFuture(refused);
            }
        }
    }

    private static final class ThreadEach extends ForwardingClient.ForwardingLock {
        ThreadEach(DistributedLock next) {
            super(next);
        }

        @Override
        public CompletableFuture<Lease> acquireAsync(Duration maxWait) {
            if (maxWait.isNegative()) {
                return super.acquireAsync(maxWait);
            }
            CompletableFuture<Lease> future = super.acquireAsync(maxWait);
            var waiting = new Thread(() -> {
                try {
                    future.join();
                } catch (RuntimeException told) {
                    // by the future
                }
            });
            waiting.setDaemon(true);
            waiting.start();
            return future;
        }
    }
}
