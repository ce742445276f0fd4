// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.LeaseLostException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LockView;
import io.interlock.RenewalMode;
import io.interlock.tck.run.NotVerified;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** §7: nested holds of one thread. */
public class ReentrancyRules {
    /** A way to lock a view without waiting for ever. */
    private record Way(String words, Entry entry) {
        interface Entry {
            boolean enter(LockView view) throws InterruptedException;
        }

        static final List<Way> ALL = List.of(
                new Way("lock()", view -> {
                    view.lock();
                    return true;
                }),
                new Way("lockInterruptibly()", view -> {
                    view.lockInterruptibly();
                    return true;
                }),
                new Way("tryLock()", LockView::tryLock),
                new Way("tryLock(time)", view -> view.tryLock(1, TimeUnit.SECONDS)));
    }

    @Rule("7.01")
    void r7_01_nestedHoldNeedsAsManyReleases(Trial trial) throws Exception {
        DistributedLock lock = trial.lock();
        LockView view = lock.asLock();
        LockClient other = trial.client();
        for (Way first : Way.ALL) {
            enter(first, view);
            for (Way nested : Way.ALL) {
                enter(nested, view);
            }
            for (int left = Way.ALL.size() + 1; left > 0; left--) {
                if (view.getHoldCount() != left || !view.isHeldByCurrentThread()) {
                    throw new AssertionError(
                            "the view should have " + left + " holds left and has " + view.getHoldCount());
                }
                trial.assertRefused(other.lock(lock.name()), left + " holds of it are left");
                view.unlock();
            }
            trial.take(other.lock(lock.name())).release();
        }
    }

    private static void enter(Way way, LockView view) throws InterruptedException {
        if (!way.entry().enter(view)) {
            throw new AssertionError(way.words() + " was refused although the lock is free, or its own thread's");
        }
    }

    @Rule("7.04")
    void r7_04_nestedCallThatFailsLeavesTheCount(Trial trial) throws Exception {
        DistributedLock lock = trial.lock();
        LockView view = lock.asLock();
        view.lock();
        view.lock();
        for (Way way : Way.ALL) {
            if (way.words().equals("lockInterruptibly()") || way.words().equals("tryLock(time)")) {
                Thread.currentThread().interrupt();
                try {
                    way.entry().enter(view);
                    throw new AssertionError(way.words() + " by an interrupted owner did not tell so");
                } catch (InterruptedException expected) {
                    requireCount(view, 2, "an interrupted nested " + way.words());
                }
            }
        }
        view.unlock();
        trial.assertRefused(trial.client().lock(lock.name()), "one of two holds is left");
        view.unlock();
        trial.take(lock).release();

        LockView lost = lostView(trial, trial.client().lock(trial.name(), trial.shortLease()));
        for (Way way : Way.ALL) {
            requireRefusedAsLost(way, lost);
            requireCount(lost, 1, "a nested " + way.words() + " after the loss");
        }
    }

    private static void requireCount(LockView view, int expected, String after) {
        if (view.getHoldCount() != expected) {
            throw new AssertionError(
                    "the view counts " + view.getHoldCount() + " holds instead of " + expected + " after " + after);
        }
    }

    /** A view that this thread has locked, and whose lease has run out since. */
    private static LockView lostView(Trial trial, DistributedLock lock) throws Exception {
        LockView view = lock.asLock();
        view.lock();
        trial.eventually(
                trial.bounds().lease().plus(trial.bounds().slack()),
                "a lease of " + trial.bounds().lease().toMillis() + " ms without renewal is over",
                () -> !view.isHeldByCurrentThread());
        return view;
    }

    private static void requireRefusedAsLost(Way way, LockView view) throws InterruptedException {
        boolean entered;
        try {
            entered = way.entry().enter(view);
        } catch (LeaseLostException expected) {
            return;
        }
        throw new AssertionError("nested " + way.words() + " after the loss of the lease "
                + (entered ? "was let in" : "was refused without a word") + "; it must tell of the loss");
    }

    @Rule("7.05")
    void r7_05_nestedCallAfterALossTellsSo(Trial trial) throws Exception {
        LockClient other = trial.client();
        for (Way way : Way.ALL) {
            DistributedLock lock = trial.client().lock(trial.name(), trial.shortLease());
            LockView view = lostView(trial, lock);
            requireRefusedAsLost(way, view);
            Served.free(
                            trial,
                            other.lock(lock.name()),
                            trial.bounds().crashRelease(),
                            "after the loss of its lease, and a nested " + way.words())
                    .release();
            try {
                view.unlock();
                throw new AssertionError("unlock() after the loss of the lease did not tell so");
            } catch (LeaseLostException expected) {
                requireCount(view, 0, "the unlock that told of the loss");
            }
            enter(way, view); // the view is clean
            view.unlock();
        }
    }

    /** A view shows no token; the store tells that of its holder. */
    @Rule("7.06")
    void r7_06_nestedHoldsHaveOneToken(Trial trial) {
        if (!trial.declares(Capability.INSPECT)) {
            throw new NotVerified("needs INSPECT: a view shows no token, so the store must tell the holder's");
        }
        LockClient client = trial.client();
        String name = trial.name();
        LockView view = client.lock(name).asLock();
        view.lock();
        long first = token(client, name);
        view.lock();
        requireToken(first, token(client, name), name, "a nested lock()");
        view.unlock();
        requireToken(first, token(client, name), name, "the end of the nested hold");
        view.unlock();
    }

    private static long token(LockClient client, String name) {
        return client.holder(name)
                .map(HolderInfo::fencingToken)
                .orElseThrow(() -> new AssertionError("lock '" + name + "' is held, and the store knows no holder"))
                .orElseThrow(() -> new AssertionError("the store tells no token of the holder of lock '" + name + "'"));
    }

    private static void requireToken(long first, long now, String name, String after) {
        if (first != now) {
            throw new AssertionError(
                    "lock '" + name + "' was granted with token " + first + ", and has " + now + " after " + after);
        }
    }

    /** Leases belong to lock objects: what a shorter one of the same thread is refused must not cost the longer one. */
    @Rule("7.12")
    void r7_12_shorterInnerLeaseLeavesTheOuter(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Duration inner = trial.bounds().lease();
        Duration outer = inner.multipliedBy(10);
        LockView view = client.lock(
                        name, LockOptions.defaults().withLease(outer).withRenewal(RenewalMode.NONE))
                .asLock();
        LockView shorter = client.lock(name, trial.shortLease()).asLock();
        view.lock();
        if (shorter.tryLock()) {
            throw new AssertionError("lock '" + name + "' is held through one object, and was granted to another");
        }
        view.lock();
        view.unlock();
        trial.pass(inner.plus(inner.dividedBy(2)));
        if (!view.isHeldByCurrentThread()) {
            throw new AssertionError("lock '" + name + "' was taken for " + outer.toMillis()
                    + " ms, and lost after an inner attempt with " + inner.toMillis() + " ms");
        }
        trial.assertRefused(client.lock(name), "its lease of " + outer.toMillis() + " ms is not over");
        view.unlock();
    }

    @Rule("7.16")
    void r7_16_partialReleaseKeepsLeaseAndRenewal(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        LockView view = client.lock(name, LockOptions.defaults().withRenewal(RenewalMode.NONE))
                .asLock();
        view.lock();
        view.lock();
        long asked = trial.now();
        Optional<Duration> before = timeToLive(trial, name);
        view.unlock();
        Optional<Duration> after = timeToLive(trial, name);
        if (before.isPresent() && after.isPresent()) {
            requireUntouched(trial, name, before.get(), after.get(), asked);
        }
        view.unlock();
        keepsRenewing(trial, client, trial.client());
    }

    private static Optional<Duration> timeToLive(Trial trial, String name) {
        return trial.backend().store().flatMap(store -> store.timeToLive(name));
    }

    private static void requireUntouched(Trial trial, String name, Duration before, Duration after, long asked) {
        Duration most = before.plus(trial.bounds().granularity());
        Duration least = before.minus(trial.bounds().granularity())
                .minusNanos(trial.now() - asked)
                .minus(trial.bounds().slack());
        if (after.compareTo(most) > 0 || after.compareTo(least) < 0) {
            throw new AssertionError("the store kept lock '" + name + "' for another " + before.toMillis()
                    + " ms before a partial release, and for " + after.toMillis() + " ms after it");
        }
    }

    private static void keepsRenewing(Trial trial, LockClient client, LockClient other) throws Exception {
        String name = trial.name();
        LockView view = client.lock(name, Holding.steady(trial)).asLock();
        view.lock();
        view.lock();
        view.unlock();
        long start = trial.now();
        while (trial.now() - start < 4 * Holding.steadyLease(trial).toNanos()) {
            if (!view.isHeldByCurrentThread()) {
                throw new TimingError("lock '" + name + "' was lost after a partial release although it is renewed");
            }
            trial.pass(Duration.ofMillis(10));
        }
        other.lock(name).tryAcquire().ifPresent(second -> {
            boolean both = view.isHeldByCurrentThread();
            second.release();
            String what = "lock '" + name + "' was granted although one of two holds is left, and its lease is renewed";
            if (both) {
                throw new AssertionError(what);
            }
            throw new TimingError(what);
        });
        view.unlock();
    }
}
