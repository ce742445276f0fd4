// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockView;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What the rules of §4 must catch: interruption. */
final class InterruptionMutants {
    private InterruptionMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(38, "interrupt is ignored", locks(Ignores::new), "4.08"),
                Mutant.of(40, "interrupt is swallowed without a word or a flag", locks(Swallows::new), "4.08", "4.11"),
                Mutant.of(0, "an interrupted caller is served first", locks(ServesFirst::new), "4.09"),
                Mutant.of(0, "an interrupted caller asks the store before he is told", locks(AsksFirst::new), "4.09"),
                Mutant.of(0, "a grant that an interrupt overtakes is kept", locks(Keeps::new), "4.10"),
                Mutant.of(0, "lock() gives up when it is interrupted", locks(GivesUp::new), "4.11"),
                Mutant.of(41, "release is skipped when interrupted", locks(Skips::new), "4.12"),
                Mutant.of(0, "release takes the interrupt flag down", locks(TakesFlag::new), "4.12"));
    }

    private static Supplier<TckBackend> locks(Function<DistributedLock, DistributedLock> breaking) {
        UnaryOperator<LockClient> client = next -> new ForwardingClient(next) {
            @Override
            DistributedLock wrap(DistributedLock lock) {
                return breaking.apply(lock);
            }
        };
        return Broken.client(() -> client);
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static final class Ignores extends ForwardingClient.ForwardingLock {
        Ignores(DistributedLock next) {
            super(next);
        }

        @Override
        public Lease acquire() throws InterruptedException {
            requireNotInterrupted();
            boolean interrupted = false;
            while (true) {
                try {
                    Lease lease = super.acquire();
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return lease;
                } catch (InterruptedException ignored) {
                    interrupted = true;
                }
            }
        }
    }

    private static final class Swallows extends ForwardingClient.ForwardingLock {
        private final LockView view;

        Swallows(DistributedLock next) {
            super(next);
            view = new ForwardingView(next.asLock()) {
                @Override
                public void lock() {
                    super.lock();
                    Thread.interrupted();
                }
            };
        }

        @Override
        public Lease acquire() throws InterruptedException {
            requireNotInterrupted();
            while (true) {
                try {
                    return super.acquire();
                } catch (InterruptedException swallowed) {
                    // as if nothing had happened
                }
            }
        }

        @Override
        public LockView asLock() {
            return view;
        }
    }

    private static final class ServesFirst extends ForwardingClient.ForwardingLock {
        ServesFirst(DistributedLock next) {
            super(next);
        }

        @Override
        public Lease acquire() throws InterruptedException {
            Optional<Lease> lease = tryAcquire();
            return lease.isPresent() ? lease.get() : super.acquire();
        }
    }

    private static final class AsksFirst extends ForwardingClient.ForwardingLock {
        AsksFirst(DistributedLock next) {
            super(next);
        }

        @Override
        public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
            if (Thread.currentThread().isInterrupted()) {
                super.tryAcquire().ifPresent(Lease::release);
            }
            return super.tryAcquire(maxWait);
        }
    }

    private static final class Keeps extends ForwardingClient.ForwardingLock {
        Keeps(DistributedLock next) {
            super(next);
        }

        @Override
        public Lease acquire() throws InterruptedException {
            Lease lease = super.acquire();
            requireNotInterrupted();
            return lease;
        }
    }

    private static final class GivesUp extends ForwardingClient.ForwardingLock {
        private final LockView view;

        GivesUp(DistributedLock next) {
            super(next);
            view = new ForwardingView(next.asLock()) {
                @Override
                public void lock() {
                    try {
                        super.lockInterruptibly();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        }

        @Override
        public LockView asLock() {
            return view;
        }
    }

    private static final class Skips extends ForwardingClient.ForwardingLock {
        Skips(DistributedLock next) {
            super(next);
        }

        @Override
        Lease wrap(Lease lease) {
            return new ForwardingClient.ForwardingLease(lease) {
                @Override
                public ReleaseOutcome release() {
                    return Thread.currentThread().isInterrupted() ? ReleaseOutcome.UNKNOWN : super.release();
                }
            };
        }
    }

    private static final class TakesFlag extends ForwardingClient.ForwardingLock {
        TakesFlag(DistributedLock next) {
            super(next);
        }

        @Override
        Lease wrap(Lease lease) {
            return new ForwardingClient.ForwardingLease(lease) {
                @Override
                public ReleaseOutcome release() {
                    Thread.interrupted();
                    return super.release();
                }
            };
        }
    }
}
