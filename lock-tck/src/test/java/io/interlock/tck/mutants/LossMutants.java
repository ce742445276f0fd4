// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockView;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.TckBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the rules of §6 must catch: loss. */
final class LossMutants {
    private LossMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(56, "isHeld always true until release", leases(AlwaysHeld::new), "6.04")
                        .breakingAlso("6.01", "6.07", "6.08"),
                Mutant.of(0, "isHeld asks the store", Broken.client(() -> AskingClient::new), "6.04"),
                Mutant.of(0, "release of a lost lease says released", leases(SaysReleased::new), "6.06", "13.14"),
                Mutant.of(0, "close of a lost lease throws", leases(ThrowsOnClose::new), "6.06")
                        .breakingAlso("6.09"),
                Mutant.of(0, "stale release frees whoever holds", Broken.client(() -> Liberator::new), "6.06", "13.14"),
                Mutant.of(0, "renew of a lost lease says true", leases(RenewsLost::new), "6.07"),
                Mutant.of(0, "nested holds never hear of a loss", Broken.client(() -> DeafView::new), "6.12"));
    }

    /** Clients whose leases are others. */
    static Supplier<TckBackend> leases(Function<Lease, Lease> breaking) {
        return Broken.client(() -> client -> new ForwardingClient(client) {
            @Override
            DistributedLock wrap(DistributedLock lock) {
                return new ForwardingLock(lock) {
                    @Override
                    Lease wrap(Lease lease) {
                        return breaking.apply(lease);
                    }
                };
            }
        });
    }

    private static final class AlwaysHeld extends ForwardingClient.ForwardingLease {
        AlwaysHeld(Lease next) {
            super(next);
        }

        @Override
        public boolean isHeld() {
            LossReason reason = reason();
            return next.state() != LeaseState.RELEASED && reason != LossReason.CLOSED;
        }

        private LossReason reason() {
            try {
                next.ensureHeld();
            } catch (LeaseLostException lost) {
                return lost.reason();
            } catch (IllegalStateException released) {
                return LossReason.EXPIRED;
            }
            return LossReason.EXPIRED;
        }
    }

    private static final class SaysReleased extends ForwardingClient.ForwardingLease {
        SaysReleased(Lease next) {
            super(next);
        }

        @Override
        public ReleaseOutcome release() {
            next.release();
            return ReleaseOutcome.RELEASED;
        }
    }

    private static final class ThrowsOnClose extends ForwardingClient.ForwardingLease {
        ThrowsOnClose(Lease next) {
            super(next);
        }

        @Override
        public void close() {
            if (next.state() == LeaseState.LOST) {
                throw new LeaseLostException(next.lockName(), LossReason.EXPIRED);
            }
            next.close();
        }
    }

    private static final class RenewsLost extends ForwardingClient.ForwardingLease {
        RenewsLost(Lease next) {
            super(next);
        }

        @Override
        public boolean renew(Duration lease) {
            return next.renew(lease) || next.state() == LeaseState.LOST;
        }
    }

    private static final class AskingClient extends ForwardingClient {
        AskingClient(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        @Override
                        public boolean isHeld() {
                            return super.isHeld() && holder(lockName()).isPresent();
                        }
                    };
                }
            };
        }
    }

    /** Gives the lock back by name, and not by owner, when its own grant is gone. */
    private static final class Liberator extends ForwardingClient {
        Liberator(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        @Override
                        public ReleaseOutcome release() {
                            ReleaseOutcome outcome = super.release();
                            if (outcome == ReleaseOutcome.NOT_HELD) {
                                freeWhoeverHolds(lockName());
                            }
                            return outcome;
                        }
                    };
                }
            };
        }

        private void freeWhoeverHolds(String name) {
            holder(name)
                    .ifPresent(
                            holder -> forceRelease(name, holder.fencingToken().orElseThrow()));
        }
    }

    /** A view that asks no lease about itself; all else goes on to the real one. */
    private static final class DeafView extends ForwardingClient {
        DeafView(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public LockView asLock() {
                    return deaf(super.asLock());
                }
            };
        }

        private static LockView deaf(LockView view) {
            return (LockView) Proxy.newProxyInstance(
                    DeafView.class.getClassLoader(), new Class<?>[] {LockView.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("isHeldByCurrentThread")) {
                            return view.getHoldCount() > 0;
                        }
                        try {
                            return method.invoke(view, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
