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
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;

/** §2: only the owner frees or prolongs, and nothing that is over comes back. */
public class SafetyRules {
    @Rule("2.04")
    void r2_04_onlyTheOwnerReleases(Trial trial) throws Exception {
        String name = trial.name();
        LockClient client = trial.client();
        LockClient foreign = trial.client();
        DistributedLock judge = trial.client().lock(name);
        try (Lease lease = trial.take(client.lock(name))) {
            for (LockClient other : List.of(foreign, client)) {
                Calls.refused(
                        IllegalMonitorStateException.class,
                        "unlock() of a view that holds nothing",
                        () -> unlock(other.lock(name)));
                stillHeld(trial, lease, judge, "unlocked a view that holds nothing");
                trial.assertRefused(other.lock(name), "it is held");
                other.lock(name).tryAcquire(Duration.ofMillis(10)).ifPresent(Lease::release);
                stillHeld(trial, lease, judge, "given up waiting for it");
            }
            try (LockClient passing = trial.client()) {
                Actor<Lease> waiter = trial.start(() -> passing.lock(name).acquire());
                trial.awaitWaiting(name, 1, waiter);
                passing.close();
                waiter.failure();
            }
            stillHeld(trial, lease, judge, "closed while it waited");
        }
    }

    private static boolean unlock(DistributedLock lock) {
        lock.asLock().unlock();
        return true;
    }

    private static void stillHeld(Trial trial, Lease lease, DistributedLock judge, String since) {
        trial.assertRefused(judge, "it is held, and another client has only " + since);
        trial.assertHeld(lease, "after another client has " + since);
    }

    @Rule("2.05")
    void r2_05_staleReleaseIsNoOp(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient another = trial.client();
        for (LockClient next : List.of(another, client)) {
            String name = trial.name();
            Lease stale = trial.take(client.lock(name, trial.shortLease()));
            staleRelease(trial, stale, Takeover.afterExpiry(trial, next.lock(name)));
            if (trial.backend().store().isPresent()) {
                Lease unaware = trial.take(client.lock(name));
                staleRelease(trial, unaware, Takeover.behindTheBack(trial, next.lock(name)));
            }
        }
    }

    private static void staleRelease(Trial trial, Lease stale, Lease owner) {
        DistributedLock judge = trial.client().lock(owner.lockName());
        ReleaseOutcome outcome = stale.release();
        Takeover.assertUntouched(trial, owner, judge, "released a grant that was over");
        if (outcome != ReleaseOutcome.NOT_HELD) {
            throw new AssertionError("the release of a grant of lock '" + owner.lockName() + "' that was over says "
                    + outcome + ", not that it was lost");
        }
        owner.release();
    }

    @Rule("2.06")
    void r2_06_staleExtendIsNoOp(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient another = trial.client();
        if (trial.declares(Capability.LEASE)) {
            String name = trial.name();
            Lease stale = trial.take(client.lock(name, trial.shortLease()));
            Lease owner = Takeover.afterExpiry(trial, another.lock(name, trial.shortLease()));
            refusesExtension(stale, Duration.ofSeconds(10));
            leavesLeaseAlone(trial, owner, client.lock(name));
        }
        if (trial.backend().store().isPresent()) {
            for (Duration extension : List.of(trial.bounds().lease(), Duration.ofMinutes(10))) {
                String name = trial.name();
                Lease unaware = trial.take(client.lock(name));
                StaleExtension.behindTheBack(trial, name, another, () -> refusesExtension(unaware, extension));
            }
            String name = trial.name();
            Lease renewed = trial.take(client.lock(name, trial.renewedLease()));
            Duration bound = trial.bounds().lease().plus(trial.bounds().lossDetection());
            StaleExtension.behindTheBack(
                    trial,
                    name,
                    another,
                    () -> trial.eventually(
                            bound,
                            "the former holder of lock '" + name + "' notices at a renewal that it was taken over",
                            () -> renewed.state() == LeaseState.LOST));
        }
    }

    private static void refusesExtension(Lease stale, Duration extension) {
        if (stale.renew(extension)) {
            throw new AssertionError("a grant of lock '" + stale.lockName()
                    + "' that was over and taken over was renewed by " + extension.toMillis() + " ms");
        }
    }

    /** The new owner's lease ends when it would have: not before what it may rely on, and at latest C after. */
    private static void leavesLeaseAlone(Trial trial, Lease owner, DistributedLock other) throws Exception {
        while (!owner.remaining().isZero()) {
            other.tryAcquire().ifPresent(lease -> {
                lease.release();
                // asked after the grant: what is left now was left then
                if (!owner.remaining().isZero()) {
                    throw new AssertionError("lock '" + other.name() + "' was granted to another "
                            + owner.remaining().toMillis()
                            + " ms before the end of a lease that a former holder tried to renew as its own");
                }
            });
            trial.pass(Duration.ofMillis(5));
        }
        Takeover.afterExpiry(trial, other).release();
    }

    @Rule("2.07")
    void r2_07_secondReleaseIsNoOp(Trial trial) throws Exception {
        String name = trial.name();
        LockClient client = trial.client();
        DistributedLock judge = trial.client().lock(name);
        Lease first = trial.take(client.lock(name));
        ReleaseOutcome outcome = first.release();
        for (LockClient next : List.of(client, trial.client())) {
            Lease second = trial.take(next.lock(name));
            for (int i = 0; i < 2; i++) {
                releasedBefore(first.release(), outcome);
                first.close();
                stillHeld(trial, second, judge, "released an earlier grant for the second time");
            }
            releasedBefore(trial.start(first::release).get(), outcome);
            stillHeld(trial, second, judge, "released an earlier grant from another thread for the second time");
            second.release();
        }
    }

    private static void releasedBefore(ReleaseOutcome again, ReleaseOutcome outcome) {
        if (again != outcome) {
            throw new AssertionError("the first release said " + outcome + ", and the second " + again);
        }
    }

    @Rule("2.08")
    void r2_08_leaseBelongsToNoThread(Trial trial) throws Exception {
        LockClient client = trial.client();
        DistributedLock lock = client.lock(trial.name());
        DistributedLock judge = trial.client().lock(lock.name());
        Lease lease = trial.take(lock);
        ReleaseOutcome outcome = trial.start(() -> Calls.works("release by another thread", lease::release))
                .get();
        if (outcome != ReleaseOutcome.RELEASED) {
            throw new AssertionError("the release of lock '" + lock.name() + "' by another thread says " + outcome);
        }
        trial.take(judge).release();

        lock.asLock().lock();
        trial.start(() -> Calls.refused(
                        IllegalMonitorStateException.class,
                        "unlock() of a view that another thread holds",
                        () -> unlock(lock)))
                .get();
        trial.assertRefused(judge, "only a thread that does not hold the view has unlocked it");
        Calls.works("unlock() by the thread that holds the view", () -> unlock(lock));
        trial.take(judge).release();
    }

    @Rule("2.17")
    void r2_17_lateGrantIsGivenBack(Trial trial) throws Exception {
        for (LateGrant how : LateGrant.values()) {
            var lateness = new LateGrants(trial, how);
            lateness.leaveFirst();
            lateness.race();
        }
    }

    @Rule("2.20")
    void r2_20_changesBehindTheClientsBackAreHonoured(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient another = trial.client();
        for (LockClient next : List.of(client, another)) {
            String deleted = trial.name();
            trial.take(client.lock(deleted));
            trial.store().delete(deleted);
            Takeover.now(next.lock(deleted), "its entry was deleted in the store")
                    .release();

            String stolen = trial.name();
            Lease former = trial.take(client.lock(stolen, unrenewed()));
            trial.store().steal(stolen, Duration.ofSeconds(30));
            trial.assertRefused(next.lock(stolen), "somebody else has taken it in the store");
            former.release();
            trial.assertRefused(
                    next.lock(stolen), "somebody else has taken it in the store, and its former holder left");
            trial.store().delete(stolen);
            Takeover.now(next.lock(stolen), "the entry of the one who had taken it was deleted in the store")
                    .release();

            if (trial.declares(Capability.LEASE)) {
                String expired = trial.name();
                trial.take(client.lock(expired));
                Takeover.behindTheBack(trial, next.lock(expired)).release();
            }
        }
    }

    private static LockOptions unrenewed() {
        return LockOptions.defaults().withRenewal(RenewalMode.NONE);
    }
}
