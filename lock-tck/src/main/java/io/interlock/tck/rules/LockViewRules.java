// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LockTimeoutException;
import io.interlock.LockView;
import io.interlock.RenewalMode;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** §7: the view as a {@code java.util.concurrent.locks.Lock}, and who is its owner. */
public class LockViewRules {
    @Rule("7.02")
    void r7_02_otherThreadsOfTheClientAreExcluded(Trial trial) throws Exception {
        LockClient client = trial.client();
        DistributedLock lock = client.lock(trial.name());
        lock.asLock().lock();
        for (DistributedLock same : new DistributedLock[] {lock, client.lock(lock.name())}) {
            requireExcluded(trial, same, "another thread of the same client");
        }
        lock.asLock().unlock();
    }

    private static void requireExcluded(Trial trial, DistributedLock lock, String whom) throws Exception {
        Actor<Boolean> other = trial.start(() -> {
            LockView view = lock.asLock();
            return view.tryLock() || view.tryLock(10, TimeUnit.MILLISECONDS);
        });
        if (other.get()) {
            throw new AssertionError("view of lock '" + lock.name() + "' is held, and " + whom + " was let in");
        }
    }

    @Rule("7.03")
    void r7_03_sameThreadThroughAnotherClientIsExcluded(Trial trial) throws Exception {
        DistributedLock lock = trial.client().lock(trial.name());
        LockView other = trial.client().lock(lock.name()).asLock();
        lock.asLock().lock();
        if (other.tryLock() || other.tryLock(10, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("lock '" + lock.name()
                    + "' is held through one client, and the same thread was let in through another");
        }
        if (other.getHoldCount() != 0 || other.isHeldByCurrentThread()) {
            throw new AssertionError("a hold of lock '" + lock.name() + "' shows in the view of another client");
        }
        lock.asLock().unlock();
    }

    @Rule("7.07")
    void r7_07_unlockTooManyIsRefusedAndChangesNothing(Trial trial) throws Exception {
        LockClient client = trial.client();
        DistributedLock lock = client.lock(trial.name());
        LockView view = lock.asLock();
        view.lock();
        view.unlock();
        requireUnlockRefused(view, lock.name(), "all its holds were given back");
        // neither somebody else's hold is touched, nor is the next one short of a count
        Lease theirs = trial.take(trial.client().lock(lock.name()));
        requireUnlockRefused(view, lock.name(), "another client holds it");
        trial.assertRefused(client.lock(lock.name()), "it is held, and was unlocked by one who did not hold it");
        theirs.release();
        view.lock();
        int holds = view.getHoldCount();
        if (holds != 1) {
            throw new AssertionError("after one unlock too many, one lock() of '" + lock.name() + "' counts " + holds);
        }
        trial.assertRefused(client.lock(lock.name()), "it was locked after an unlock too many");
        view.unlock();
    }

    private static void requireUnlockRefused(LockView view, String name, String why) {
        try {
            view.unlock();
        } catch (IllegalMonitorStateException expected) {
            return;
        }
        throw new AssertionError("unlock() of lock '" + name + "' was accepted although " + why);
    }

    @Rule("7.08")
    void r7_08_unlockByAnotherThreadIsRefused(Trial trial) throws Exception {
        LockClient client = trial.client();
        DistributedLock lock = client.lock(trial.name());
        LockView view = lock.asLock();
        view.lock();
        trial.start(() -> {
                    requireUnlockRefused(view, lock.name(), "another thread holds it");
                    return "";
                })
                .get();
        if (!view.isHeldByCurrentThread()) {
            throw new AssertionError("unlock() by another thread took lock '" + lock.name() + "' from its owner");
        }
        trial.assertRefused(client.lock(lock.name()), "only another thread has unlocked it");
        view.unlock();
    }

    /** That the unlimited wait logs both places only the application's log tells; the engine's own tests read it. */
    @Rule("7.09")
    void r7_09_leaseIsNotReentrant(Trial trial) throws Exception {
        DistributedLock lock = trial.lock();
        Lease mine = trial.take(lock);
        trial.assertRefused(lock, "its holder is the thread that asks");
        requireTimeOut(trial, lock);
        mine.release();

        var held = new AtomicReference<Lease>();
        Actor<Lease> owner = trial.start(() -> {
            held.set(trial.take(lock));
            return lock.acquire();
        });
        trial.awaitWaiting(lock.name(), 1, owner);
        trial.assertRefused(lock, "its holder waits for it a second time");
        Lease first = Objects.requireNonNull(held.get());
        trial.assertHeld(first, "while its own thread waits for it");
        long released = trial.now();
        first.release(); // by another thread: the only end of such a wait
        Served.within(trial, trial.bounds().wakeUp(), released, owner, "after the release of its own first lease")
                .release();
    }

    private static void requireTimeOut(Trial trial, DistributedLock lock) throws InterruptedException {
        Duration wait = Duration.ofMillis(50);
        long start = trial.now();
        try {
            lock.acquire(wait).release();
        } catch (LockTimeoutException expected) {
            trial.assertNotBefore(wait, start, "a timed acquire of one's own lock '" + lock.name() + "'");
            trial.assertWithin(
                    wait.plus(trial.bounds().slack()),
                    start,
                    "a timed acquire of one's own lock '" + lock.name() + "'");
            return;
        }
        throw new AssertionError("lock '" + lock.name() + "' was granted a second time to the thread that holds it");
    }

    @Rule("7.10")
    void r7_10_holdsAreCountedForTheCallingThread(Trial trial) throws Exception {
        DistributedLock lock = trial.client().lock(trial.name(), trial.shortLease());
        LockView view = lock.asLock();
        requireHolds(view, 0, false, "before the first lock()");
        view.lock();
        requireHolds(view, 1, true, "after lock()");
        view.lock();
        requireHolds(view, 2, true, "after a second lock()");
        trial.start(() -> {
                    requireHolds(view, 0, false, "in another thread");
                    return "";
                })
                .get();
        view.unlock();
        requireHolds(view, 1, true, "after an unlock()");
        trial.eventually(
                trial.bounds().lease().plus(trial.bounds().slack()),
                "a view stops being held when its lease of "
                        + trial.bounds().lease().toMillis() + " ms is over",
                () -> !view.isHeldByCurrentThread());
        requireHolds(view, 1, false, "after the loss of the lease");
    }

    private static void requireHolds(LockView view, int holds, boolean held, String when) {
        int count = view.getHoldCount();
        boolean isHeld = view.isHeldByCurrentThread();
        if (count != holds || isHeld != held) {
            throw new AssertionError("the view counts " + count + " holds and is " + (isHeld ? "" : "not ")
                    + "held by the calling thread " + when + "; it should count " + holds + " and be "
                    + (held ? "held" : "not held"));
        }
    }

    @Rule("7.11")
    void r7_11_viewKeepsTheContractOfLock(Trial trial) throws Exception {
        String name = trial.name();
        LockView view = trial.client().lock(name).asLock();
        requireUnlockRefused(view, name, "nobody has locked it");
        try {
            view.newCondition();
            throw new AssertionError("newCondition() gave a condition, which can't work across machines");
        } catch (UnsupportedOperationException expected) {
            // as it should be
        }
        Lease held = trial.take(trial.client().lock(name));
        requireInterruptible(trial, name, "lockInterruptibly()", () -> {
            view.lockInterruptibly();
            return true;
        });
        requireInterruptible(trial, name, "tryLock(time)", () -> view.tryLock(1, TimeUnit.DAYS));
        for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
            long start = trial.now();
            if (view.tryLock(time, TimeUnit.DAYS)) {
                throw new AssertionError("tryLock(" + time + ") of lock '" + name + "' was let in though it is held");
            }
            trial.assertWithin(trial.bounds().slack(), start, "tryLock(" + time + ") of a held lock");
        }
        held.release();
    }

    private static void requireInterruptible(Trial trial, String name, String what, Callable<Boolean> call)
            throws Exception {
        for (boolean before : new boolean[] {false, true}) {
            Actor<Boolean> caller = trial.start(() -> {
                if (before) {
                    Thread.currentThread().interrupt();
                }
                return call.call();
            });
            if (!before) {
                trial.awaitWaiting(name, 1, caller);
                caller.interrupt();
            }
            String of = what + " of '" + name + "' was interrupted";
            Throwable thrown = Served.failure(trial.bounds().slack(), caller, of);
            if (!(thrown instanceof InterruptedException)) {
                throw new AssertionError(of + ", and told something else: " + WaitingCall.told(thrown), thrown);
            }
        }
    }

    /** Ids are not given twice in one JVM, names are. */
    @Rule("7.13")
    void r7_13_deadOwnerHasNoHeir(Trial trial) throws Exception {
        LockOptions unrenewed = LockOptions.defaults().withRenewal(RenewalMode.NONE);
        DistributedLock lock = trial.client().lock(trial.name(), unrenewed);
        LockView view = lock.asLock();
        named(trial, "tck-owner", view::lock);
        named(trial, "tck-owner", () -> {
            if (view.tryLock()) {
                throw new AssertionError("lock '" + lock.name()
                        + "' was held by a thread that died, and let in a new one of the same name");
            }
            requireHolds(view, 0, false, "in a new thread of the dead owner's name");
            requireUnlockRefused(view, lock.name(), "the thread that locked it is dead");
        });
        trial.assertRefused(lock, "the lease of its dead owner is not over");
    }

    private static void named(Trial trial, String name, Runnable body) throws Exception {
        trial.start(() -> {
                    Thread.currentThread().setName(name);
                    body.run();
                    return "";
                })
                .get();
    }

    @Rule("7.15")
    void r7_15_virtualThreadsAreOwners(Trial trial) throws Exception {
        DistributedLock lock = trial.lock();
        LockView view = lock.asLock();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        Thread owner = VirtualThreads.start(() -> guarded(failures, () -> {
            view.lock();
            view.lock();
            requireHolds(view, 2, true, "in the virtual thread that locked it twice");
            Thread other = VirtualThreads.start(() -> guarded(failures, () -> {
                requireHolds(view, 0, false, "in another virtual thread");
                requireUnlockRefused(view, lock.name(), "another virtual thread holds it");
                if (view.tryLock()) {
                    throw new AssertionError("two virtual threads are let in at once");
                }
            }));
            other.join();
            view.unlock();
            requireHolds(view, 1, true, "in the virtual thread that unlocked once");
            view.unlock();
        }));
        owner.join(trial.bounds().generous().toMillis());
        if (!failures.isEmpty()) {
            Throwable first = failures.remove();
            throw new AssertionError("virtual threads as owners: " + WaitingCall.told(first), first);
        }
        trial.take(lock).release();
    }

    private static void guarded(ConcurrentLinkedQueue<Throwable> failures, Race.Step body) {
        try {
            body.run();
        } catch (Exception | AssertionError failed) {
            failures.add(failed);
        }
    }
}
