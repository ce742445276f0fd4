// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockView;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the rules of §7 must catch: the thread-bound view. */
final class LockViewMutants {
    private LockViewMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(63, "one unlock releases all holds", views(OneUnlock::new), "7.01")
                        .breakingAlso("7.04", "7.06", "7.10", "7.12", "7.15", "7.16"),
                Mutant.of(0, "every thread of the client may enter a held view", views(LetsAnyIn::new), "7.02")
                        .breakingAlso("7.13", "7.15"),
                Mutant.of(
                                0,
                                "a thread is known to all clients",
                                Broken.client(() -> {
                                    var owners = new ConcurrentHashMap<String, Thread>();
                                    return next -> new Viewing(next, lock -> new KnownEverywhere(lock, owners));
                                }),
                                "7.03")
                        .breakingAlso("7.12"),
                Mutant.of(0, "an interrupted nested call counts", views(CountsInterrupted::new), "7.04"),
                Mutant.of(62, "nested acquire silently re-takes after a loss", views(Retakes::new), "7.05")
                        .breakingAlso("7.04"),
                Mutant.of(0, "a nested hold is a grant of its own", views(GrantsAnew::new), "7.06"),
                Mutant.of(0, "unlock of nothing is accepted", views(UnlocksNothing::new), "7.07", "7.11"),
                Mutant.of(64, "unlock by a foreign thread is accepted", views(ForeignUnlock::new), "7.08")
                        .breakingAlso("7.13", "7.15"),
                Mutant.of(
                        0,
                        "a thread's own lease is given to it again",
                        Broken.client(() -> LockViewClients.Reentrant::new),
                        "7.09"),
                Mutant.of(0, "holds are counted for everybody", views(CountsForAll::new), "7.10")
                        .breakingAlso("7.13", "7.15"),
                Mutant.of(0, "a condition is given out", views(HasCondition::new), "7.11"),
                Mutant.of(0, "tryLock(time) ignores interrupts", views(IgnoresInterrupts::new), "7.11"),
                Mutant.of(
                        0,
                        "an inner attempt sets the lease",
                        Broken.client(() -> {
                            var held = new ConcurrentHashMap<String, Lease>();
                            return next -> new LockViewClients.SettingLeases(next, held);
                        }),
                        "7.12"),
                Mutant.of(0, "an owner is known by its name", views(KnownByName::new), "7.13", "7.15"),
                Mutant.of(0, "a partial release shortens the lease", views(Shortens::new), "7.16")
                        .breakingAlso("7.12"));
    }

    private static Supplier<TckBackend> views(Function<DistributedLock, LockView> view) {
        return Broken.client(() -> next -> new Viewing(next, view));
    }

    private static final class Viewing extends ForwardingClient {
        private final Function<DistributedLock, LockView> view;

        Viewing(LockClient next, Function<DistributedLock, LockView> view) {
            super(next);
            this.view = view;
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return withView(lock, view.apply(lock));
        }
    }

    static DistributedLock withView(DistributedLock lock, LockView view) {
        return new ForwardingClient.ForwardingLock(lock) {
            @Override
            public LockView asLock() {
                return view;
            }
        };
    }

    private static final class OneUnlock extends ToyView {
        OneUnlock(DistributedLock lock) {
            super(lock);
        }

        @Override
        int left(Hold mine) {
            return 0;
        }
    }

    private static final class LetsAnyIn extends ToyView {
        LetsAnyIn(DistributedLock lock) {
            super(lock);
        }

        @Override
        boolean enterAgain() {
            Hold present = hold;
            return super.enterAgain() || (present != null && present.lease.isHeld());
        }
    }

    private static final class KnownEverywhere extends ToyView {
        private final Map<String, Thread> owners;

        KnownEverywhere(DistributedLock lock, Map<String, Thread> owners) {
            super(lock);
            this.owners = owners;
        }

        @Override
        public void lock() {
            super.lock();
            owners.put(lock.name(), Thread.currentThread());
        }

        @Override
        public boolean tryLock() {
            return super.tryLock() || owners.get(lock.name()) == Thread.currentThread();
        }

        @Override
        public void unlock() {
            super.unlock();
            if (hold == null) {
                owners.remove(lock.name());
            }
        }
    }

    private static final class CountsInterrupted extends ToyView {
        CountsInterrupted(DistributedLock lock) {
            super(lock);
        }

        @Override
        void interrupted() throws InterruptedException {
            enterAgain();
            super.interrupted();
        }
    }

    private static final class Retakes extends ToyView {
        Retakes(DistributedLock lock) {
            super(lock);
        }

        @Override
        boolean enterAgain() {
            Hold mine = mine();
            if (mine != null && !mine.lease.isHeld()) {
                hold = null;
            }
            return super.enterAgain();
        }
    }

    private static final class GrantsAnew extends ToyView {
        GrantsAnew(DistributedLock lock) {
            super(lock);
        }

        @Override
        void nested(Hold mine) {
            super.nested(mine);
            mine.lease.release();
            mine.lease = lock.tryAcquire().orElseThrow();
        }
    }

    private static final class UnlocksNothing extends ToyView {
        UnlocksNothing(DistributedLock lock) {
            super(lock);
        }

        @Override
        void unlockOfNothing() {
            if (hold != null) {
                super.unlockOfNothing();
            }
        }
    }

    private static final class ForeignUnlock extends ToyView {
        ForeignUnlock(DistributedLock lock) {
            super(lock);
        }

        @Override
        void unlockOfNothing() {
            Hold theirs = hold;
            if (theirs == null) {
                super.unlockOfNothing();
            } else {
                hold = null;
                theirs.lease.release();
            }
        }
    }

    private static final class CountsForAll extends ToyView {
        CountsForAll(DistributedLock lock) {
            super(lock);
        }

        @Override
        public int getHoldCount() {
            Hold present = hold;
            return present == null ? 0 : present.count;
        }
    }

    private static final class HasCondition extends ToyView {
        HasCondition(DistributedLock lock) {
            super(lock);
        }

        @Override
        public Condition newCondition() {
            return new ReentrantLock().newCondition();
        }
    }

    private static final class IgnoresInterrupts extends ToyView {
        IgnoresInterrupts(DistributedLock lock) {
            super(lock);
        }

        @Override
        public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            if (Thread.interrupted()) {
                interrupted();
            }
            while (true) {
                try {
                    return super.tryLock(time, unit);
                } catch (InterruptedException ignored) {
                    // and again
                }
            }
        }
    }

    private static final class KnownByName extends ToyView {
        KnownByName(DistributedLock lock) {
            super(lock);
        }

        @Override
        boolean isOwner(Hold present) {
            return present.owner.getName().equals(Thread.currentThread().getName());
        }
    }

    private static final class Shortens extends ToyView {
        Shortens(DistributedLock lock) {
            super(lock);
        }

        @Override
        void partlyReleased(Hold mine) {
            mine.lease.renew(Duration.ofMillis(150));
        }
    }
}
