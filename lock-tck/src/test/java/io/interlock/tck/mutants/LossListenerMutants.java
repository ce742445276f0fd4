// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseListener;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockClient;
import io.interlock.LockListener;
import io.interlock.LossReason;
import io.interlock.Registration;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.RenewOutcome;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What the rules of §6 must catch: what listeners are told, and what they do. */
final class LossListenerMutants {
    private LossListenerMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(57, "loss signalled twice", told(Twice::new), "6.01", "6.02", "6.03", "6.11"),
                Mutant.of(57, "loss signalled on release", told(OnRelease::new), "6.02"),
                Mutant.of(57, "loss never signalled", told(Never::new), "6.01", "6.02", "6.03", "6.08", "6.11")
                        .breakingAlso("6.09"),
                Mutant.of(0, "late listener is not told", LossMutants.leases(LateUntold::new), "6.03")
                        .breakingAlso("6.09"),
                Mutant.of(0, "every loss is an expiry", told(AlwaysExpired::new), "6.11")
                        .breakingAlso("6.02"),
                Mutant.of(60, "throwing listener kills renewal", Broken.both(FatalThrow::new), "6.08"),
                Mutant.of(0, "blocking listener blocks the others", told(OneAtATime::new), "6.08"),
                Mutant.of(0, "release waits for listeners", LossMutants.leases(WaitingRelease::new), "6.09"),
                Mutant.of(0, "renewal raises an alarm", Broken.backend(() -> Alarmist::new), "6.10"));
    }

    /** What a listener hears instead of what happened. */
    private interface Telling {
        void tell(LeaseListener listener, LeaseStateChange change);
    }

    private static Supplier<TckBackend> told(Supplier<Telling> making) {
        return Broken.client(() -> {
            Telling telling = making.get();
            return client -> new ForwardingClient(client) {
                @Override
                DistributedLock wrap(DistributedLock lock) {
                    return new ForwardingLock(lock) {
                        @Override
                        Lease wrap(Lease lease) {
                            return new ToldLease(lease, telling);
                        }
                    };
                }
            };
        });
    }

    private static final class ToldLease extends ForwardingClient.ForwardingLease {
        private final Telling telling;

        ToldLease(Lease next, Telling telling) {
            super(next);
            this.telling = telling;
        }

        @Override
        public Registration onStateChange(LeaseListener listener) {
            return super.onStateChange(change -> telling.tell(listener, change));
        }
    }

    private static LeaseStateChange lost(LeaseStateChange change, LossReason reason) {
        return new LeaseStateChange(change.lockName(), LeaseState.LOST, Optional.of(reason));
    }

    private static final class Twice implements Telling {
        @Override
        public void tell(LeaseListener listener, LeaseStateChange change) {
            listener.stateChanged(change);
            listener.stateChanged(change);
        }
    }

    private static final class Never implements Telling {
        @Override
        public void tell(LeaseListener listener, LeaseStateChange change) {
            if (change.state() != LeaseState.LOST) {
                listener.stateChanged(change);
            }
        }
    }

    private static final class OnRelease implements Telling {
        @Override
        public void tell(LeaseListener listener, LeaseStateChange change) {
            if (change.state() == LeaseState.RELEASED) {
                listener.stateChanged(lost(change, LossReason.EXPIRED));
            }
            listener.stateChanged(change);
        }
    }

    private static final class AlwaysExpired implements Telling {
        @Override
        public void tell(LeaseListener listener, LeaseStateChange change) {
            boolean loss = change.state() == LeaseState.LOST;
            listener.stateChanged(loss ? lost(change, LossReason.EXPIRED) : change);
        }
    }

    /** Tells one listener after the other, whatever each of them takes. */
    private static final class OneAtATime implements Telling {
        private final ReentrantLock turn = new ReentrantLock();

        @Override
        public void tell(LeaseListener listener, LeaseStateChange change) {
            turn.lock();
            try {
                listener.stateChanged(change);
            } finally {
                turn.unlock();
            }
        }
    }

    private static final class LateUntold extends ForwardingClient.ForwardingLease {
        LateUntold(Lease next) {
            super(next);
        }

        @Override
        public Registration onStateChange(LeaseListener listener) {
            return state() == LeaseState.LOST ? () -> {} : super.onStateChange(listener);
        }
    }

    /** Lets no release pass while a listener is under way. */
    private static final class WaitingRelease extends ForwardingClient.ForwardingLease {
        private final Phaser listening = new Phaser();

        WaitingRelease(Lease next) {
            super(next);
        }

        @Override
        public Registration onStateChange(LeaseListener listener) {
            return super.onStateChange(change -> {
                listening.register();
                try {
                    listener.stateChanged(change);
                } finally {
                    listening.arriveAndDeregister();
                }
            });
        }

        @Override
        public ReleaseOutcome release() {
            if (listening.getRegisteredParties() > 0) {
                listening.awaitAdvance(listening.getPhase());
            }
            return super.release();
        }
    }

    /** Ends the renewals of a client when one of its listeners throws. */
    private static final class FatalThrow implements Broken.Fault {
        private volatile boolean dead;

        @Override
        public LockBackend backend(LockBackend next) {
            return new ForwardingBackend(next) {
                @Override
                public Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
                    return dead ? Map.of() : super.renewAll(due, lease);
                }
            };
        }

        @Override
        public LockClient client(LockClient next) {
            return new ForwardingClient(next) {
                @Override
                public Registration addListener(LockListener listener) {
                    return super.addListener(new LockListener() {
                        @Override
                        public void acquired(String lockName, Duration waited, int attempts) {
                            try {
                                listener.acquired(lockName, waited, attempts);
                            } catch (RuntimeException e) {
                                dead = true;
                                throw e;
                            }
                        }

                        @Override
                        public void stateChanged(LeaseStateChange change) {
                            listener.stateChanged(change);
                        }
                    });
                }
            };
        }
    }

    private static final class Alarmist extends ForwardingBackend {
        Alarmist(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(grant) {
                private volatile GrantListener engine;

                @Override
                public void watch(GrantListener listener) {
                    engine = listener;
                    super.watch(listener);
                }

                @Override
                public RenewOutcome renew(Duration lease) {
                    engine.suspended();
                    return super.renew(lease);
                }
            };
        }
    }
}
