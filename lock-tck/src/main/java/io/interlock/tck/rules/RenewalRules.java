// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** §5: automatic renewal. */
public class RenewalRules {
    /** As many threads as may come and go in a client and a store in the same JVM; a thread a lock is far above. */
    private static final int FEW_THREADS = 50;

    /** Commands that a client may send without any lock in hand, beyond those that were seen before. */
    private static final int STRAY_COMMANDS = 2;

    @Rule("5.06")
    void r5_06_renewedHoldLastsAndTheStoreNeverRunsLow(Trial trial) throws Exception {
        String name = trial.name();
        Duration time = Holding.steadyLease(trial);
        Lease lease = trial.take(trial.client().lock(name, Holding.steady(trial)));
        // renewed when a third is over: two thirds are left then, less what the timer and the thread it wakes may be
        // late
        Duration late = Holding.times(trial.bounds().slack(), 1.5);
        Duration least = time.multipliedBy(2).dividedBy(3).minus(late);
        long end = trial.now() + time.multipliedBy(5).toNanos();
        while (trial.now() < end) {
            Optional<Duration> left = trial.store().timeToLive(name);
            trial.assertHeld(lease, "while it is renewed");
            if (left.isEmpty() && Holding.hasExpiry(trial)) {
                throw new TimingError("renewed lock '" + name + "' has no entry that expires in the store");
            }
            if (left.isPresent() && left.get().compareTo(least) < 0) {
                throw new TimingError("the entry of renewed lock '" + name + "' has only "
                        + left.get().toMillis() + " ms left of " + time.toMillis() + "; it must not fall below "
                        + least.toMillis());
            }
            trial.pass(Duration.ofMillis(5));
        }
        Holding.assertKept(trial, lease, trial.client().lock(name), "after five leases with renewal");
        Holding.releaseOwn(lease, "after five leases with renewal");
    }

    @Rule("5.10")
    void r5_10_nothingIsWrittenAfterRelease(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock lock = trial.client().lock(name, Holding.steady(trial));
        trial.take(lock).release();
        long idle = commandsWhileFree(trial, name);
        Lease renewed = trial.take(lock);
        trial.pass(Holding.steadyLease(trial).dividedBy(2));
        Holding.releaseOwn(renewed, "after a renewal");
        int rounds = BoundedRounds.run(trial, 1000, round -> releaseAtTheEndOfAcquire(trial, lock, round));
        long commands = commandsWhileFree(trial, name);
        if (commands > idle + STRAY_COMMANDS) {
            throw new AssertionError(
                    "a client that holds nothing sends " + commands + " commands after the release of a"
                            + " renewed lease and of " + rounds + " others right after their grant, and " + idle
                            + " in the same time before: renewals go on");
        }
        try (Lease next = trial.take(trial.client().lock(name, Holding.longLease(trial)))) {
            Optional<StoreExpiry> granted = StoreExpiry.of(trial, name);
            trial.pass(Holding.steadyLease(trial).dividedBy(2));
            trial.assertHeld(next, "before its end");
            if (granted.isPresent()) {
                StoreExpiry.ofHeld(trial, name)
                        .assertSame(trial, granted.get(), name, "another client had released it before");
            }
        }
    }

    private static void releaseAtTheEndOfAcquire(Trial trial, DistributedLock lock, int round) throws Exception {
        if (round % 2 == 0) {
            Holding.releaseOwn(trial.take(lock), "right after the grant");
            return;
        }
        // on the thread that completes the acquisition, while whoever started it may not be done yet
        ReleaseOutcome outcome = lock.acquireAsync()
                .thenApply(Lease::release)
                .get(trial.bounds().generous().toMillis(), TimeUnit.MILLISECONDS);
        if (outcome != ReleaseOutcome.RELEASED) {
            throw new TimingError("the release of lock '" + lock.name() + "' right after the grant says " + outcome);
        }
    }

    /** Demands for longer than a lease that the store has no entry, and counts what clients send meanwhile. */
    private static long commandsWhileFree(Trial trial, String name) throws Exception {
        long before = trial.store().commandCount();
        long end = trial.now() + Holding.times(Holding.steadyLease(trial), 1.5).toNanos();
        while (trial.now() < end) {
            int entries = trial.store().entries(name);
            assertTrue(
                    entries == 0,
                    "lock '" + name + "' was released, and the store has " + entries + " entries for it again");
            trial.pass(Duration.ofMillis(5));
        }
        return trial.store().commandCount() - before;
    }

    @Rule("5.11")
    void r5_11_renewalNeitherResurrectsNorSteals(Trial trial) throws Exception {
        String deleted = trial.name();
        Lease lease = trial.take(trial.client().lock(deleted, Holding.steady(trial)));
        assertTrue(trial.store().delete(deleted), "lock '" + deleted + "' is held, and its entry can't be deleted");
        awaitNotHeld(trial, lease, "its entry was deleted");
        long end = trial.now() + trial.bounds().lease().multipliedBy(2).toNanos();
        while (trial.now() < end) {
            int entries = trial.store().entries(deleted);
            assertTrue(entries == 0, "the deleted entry of lock '" + deleted + "' is there again: renewal has made it");
            trial.pass(Duration.ofMillis(5));
        }
        String stolen = trial.name();
        Lease robbed = trial.take(trial.client().lock(stolen, Holding.steady(trial)));
        Duration foreign = LockOptions.defaults().lease();
        assertTrue(trial.store().steal(stolen, foreign), "lock '" + stolen + "' is held, and can't be stolen");
        Optional<StoreExpiry> theirs = StoreExpiry.of(trial, stolen);
        awaitNotHeld(trial, robbed, "somebody else has its entry");
        trial.pass(trial.bounds().lease());
        trial.assertRefused(trial.client().lock(stolen), "somebody else has its entry in the store");
        if (theirs.isPresent()) {
            StoreExpiry.ofHeld(trial, stolen).assertSame(trial, theirs.get(), stolen, "its former holder lost it");
        }
        trial.store().delete(stolen);
    }

    /** Nothing may prolong the claim any more: it ends with a lease at the latest, or when the loss is noticed. */
    private static void awaitNotHeld(Trial trial, Lease lease, String after) throws Exception {
        Duration bound = Holding.steadyLease(trial).plus(trial.bounds().lossDetection());
        trial.eventually(
                bound,
                "the lease of lock '" + lease.lockName() + "' is not held after " + after,
                () -> !lease.isHeld());
    }

    @Rule("5.13")
    void r5_13_nextHoldAfterALossIsRenewedAgain(Trial trial) throws Exception {
        Duration time = trial.bounds().lease();
        LockClient client = trial.client();
        String name = trial.name();
        Lease unrenewed = Holding.lost(trial, client, name);
        holdLonger(trial, client, unrenewed, "a lease that ran out");
        Lease capped = trial.take(client.lock(name, Holding.steady(trial).withMaxHold(time)));
        Holding.awaitLost(trial, capped);
        holdLonger(trial, client, capped, "a lease that reached its longest hold");
        if (trial.backend().store().isPresent()) {
            Lease deleted = Holding.takeSoon(trial, client.lock(name, Holding.steady(trial)), "a release");
            trial.store().delete(name);
            trial.eventually(
                    Holding.steadyLease(trial).plus(trial.bounds().lossDetection()),
                    "the lease of lock '" + name + "' is not held after its entry was deleted",
                    () -> !deleted.isHeld());
            holdLonger(trial, client, deleted, "its entry was deleted");
        }
    }

    private static void holdLonger(Trial trial, LockClient client, Lease lost, String after) throws Exception {
        String name = lost.lockName();
        try (Lease next = Holding.takeSoon(trial, client.lock(name, Holding.steady(trial)), after)) {
            trial.pass(Holding.times(Holding.steadyLease(trial), 1.25));
            String when = "longer than its lease into the hold that follows " + after;
            Holding.assertKept(trial, next, trial.client().lock(name), when);
            Holding.releaseOwn(next, when);
        }
    }

    /** That a stalled renewal delays no other, and none is caught up after a pause, needs power over the network. */
    @Rule("5.14")
    void r5_14_thousandLocksAreRenewedByFewThreads(Trial trial) throws Exception {
        // whatever a client starts is in the group of the thread that opened it, apart from the rest of this JVM
        var group = new ThreadGroup("tck-5.14");
        var started = new CompletableFuture<Actor<Boolean>>();
        Callable<Boolean> body = () -> {
            renewThousandLocks(trial, group);
            return true;
        };
        new Thread(group, () -> started.complete(trial.start(body)), "tck-5.14-starter").start();
        started.get(trial.bounds().generous().toMillis(), TimeUnit.MILLISECONDS).get();
        // where a session is renewed instead, and over its one connection, there are no other renewals to delay
        if (trial.tellsCommandsApart() && Holding.hasExpiry(trial)) {
            RenewalStall.delaysNobodyElse(trial);
            RenewalStall.isNotCaughtUp(trial);
        }
    }

    private static void renewThousandLocks(Trial trial, ThreadGroup group) throws Exception {
        LockClient client = trial.client();
        Duration time = trial.bounds().lease().multipliedBy(6);
        LockOptions options = LockOptions.defaults().withLease(time);
        List<Lease> leases = new ArrayList<>();
        leases.add(trial.take(client.lock(trial.name(), options)));
        int before = group.activeCount();
        int locks = BoundedRounds.run(trial, 1000, i -> leases.add(trial.take(client.lock(trial.name(), options))));
        long commands = commands(trial);
        int most = 0;
        for (long end = trial.now() + time.toNanos(); trial.now() < end; trial.pass(Duration.ofMillis(20))) {
            most = Math.max(most, group.activeCount());
        }
        long sent = commands(trial) - commands;
        leases.forEach(lease -> trial.assertHeld(lease, "one of " + locks + " that are renewed"));
        assertTrue(
                most - before <= FEW_THREADS,
                (most - before) + " more threads than before renew " + locks + " locks; it should take a few");
        // three renewals a lease each; twice that for a backend that renews more often or asks twice
        assertTrue(
                sent <= 6L * locks + FEW_THREADS,
                locks + " locks are renewed by " + sent + " commands within one lease; " + 3 * locks + " would do");
        leases.forEach(lease -> Holding.releaseOwn(lease, "one of " + locks));
    }

    private static long commands(Trial trial) {
        return trial.backend().store().isPresent() ? trial.store().commandCount() : 0;
    }

    @Rule("5.20")
    void r5_20_renewedOrNotAsTheOptionsSay(Trial trial) throws Exception {
        LockClient client = trial.client();
        if (!trial.declares(Capability.EXTEND) && !trial.declares(Capability.SESSION_BOUND)) {
            assertRenewalIsRefused(trial, client);
        } else {
            assertEndsAsOptionsSay(trial, client);
        }
    }

    private static void assertEndsAsOptionsSay(Trial trial, LockClient client) throws Exception {
        Duration time = trial.bounds().lease();
        Duration longest = Holding.steadyLease(trial).multipliedBy(2);
        Lease renewed = trial.take(client.lock(trial.name(), Holding.steady(trial)));
        long sent = trial.now();
        Lease unrenewed = trial.take(client.lock(trial.name(), trial.shortLease()));
        Lease capped =
                trial.take(client.lock(trial.name(), Holding.steady(trial).withMaxHold(longest)));
        long cappedBy = trial.now() + longest.toNanos();
        DistributedLock other = trial.client().lock(unrenewed.lockName());
        Duration bound = time.plus(trial.bounds().crashRelease());
        Holding.follow(trial, unrenewed, other, bound, "the grant of an unrenewed lease that is over C earlier")
                .release();
        assertOverAt(trial, unrenewed, sent + time.toNanos(), "a lease that nobody renews");
        Holding.assertKept(trial, capped, trial.client().lock(capped.lockName()), "before its longest hold is over");
        assertOverAt(trial, capped, cappedBy, "a lease with a longest hold");
        Holding.assertKept(trial, renewed, trial.client().lock(renewed.lockName()), "after two leases with renewal");
        Holding.releaseOwn(renewed, "after two leases with renewal");
        Holding.takeSoon(trial, client.lock(capped.lockName()), "its longest hold was over")
                .release();
    }

    private static void assertOverAt(Trial trial, Lease lease, long end, String what) throws Exception {
        trial.pass(Duration.ofNanos(Math.max(0, end - trial.now())));
        assertTrue(!lease.isHeld(), what + " is held after its end, lock '" + lease.lockName() + "'");
        trial.eventually(
                trial.bounds().lossDetection(),
                what + " is lost after its end",
                () -> lease.state() == LeaseState.LOST);
    }

    private static void assertRenewalIsRefused(Trial trial, LockClient client) {
        try {
            client.lock(trial.name(), LockOptions.defaults().withRenewal(RenewalMode.AUTOMATIC));
        } catch (UnsupportedCapabilityException expected) {
            return;
        }
        throw new AssertionError("neither EXTEND nor SESSION_BOUND is declared, and automatic renewal is not refused");
    }

    private static void assertTrue(boolean so, String otherwise) {
        if (!so) {
            throw new AssertionError(otherwise);
        }
    }
}
