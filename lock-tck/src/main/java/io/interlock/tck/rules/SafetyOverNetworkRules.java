// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LockView;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/** §2: safety, over a network with faults. */
public class SafetyOverNetworkRules {
    /** More commands than an acquisition needs; some clients send others all the time. */
    private static final int MOST_COMMANDS = 8;

    private static final int MOST_COMMANDS_OF_WAITER = 4;
    private static final int AT_A_TIME = 4;
    private static final Duration LONG = Duration.ofSeconds(60);

    @Rule("2.12")
    void r2_12_lateReleaseLeavesTheNextOwnerAlone(Trial trial) throws Exception {
        var far = FarClient.tellingApart(trial);
        String name = trial.name();
        Lease former = trial.take(far.lock(name, FarClient.brief(trial)));
        Link.Held command = far.hold(Command.Kind.RELEASE);
        Actor<ReleaseOutcome> release = trial.start(former::release);
        far.await(command, "a release");
        Lease owner = FarClient.takeOver(trial, trial.client().lock(name));
        command.letGo();
        assertUntouched(trial, owner, "sent a release that came late");
        release.get();
        Holding.releaseOwn(owner, "after a late release of its former owner");
    }

    @Rule("2.13")
    void r2_13_lateRenewalLeavesTheNextOwnerAlone(Trial trial) throws Exception {
        Duration brief = trial.bounds().lease();
        Lease owner = renewLate(trial, brief, LockOptions.defaults());
        String sent = "sent a renewal for " + brief.toMillis() + " ms, which came late";
        DistributedLock other = trial.client().lock(owner.lockName());
        Duration shortened = brief.plus(trial.bounds().slack());
        FarClient.assertUntouched(trial, owner, other, shortened, sent);
        Holding.releaseOwn(owner, "after a late renewal of its former owner");
        Lease ending = renewLate(trial, LONG, FarClient.brief(trial));
        Holding.follow(
                        trial,
                        ending,
                        trial.client().lock(ending.lockName()),
                        Holding.steadyLease(trial).plus(trial.bounds().crashRelease()),
                        "the lease of its owner began; a renewal for " + LONG.toSeconds()
                                + " s, which the former owner had sent, came after that")
                .release();
    }

    /** {@return the lease of a new owner, after which the former owner's renewal has come} */
    private static Lease renewLate(Trial trial, Duration asked, LockOptions owners) throws Exception {
        var far = FarClient.tellingApart(trial);
        String name = trial.name();
        Lease former = trial.take(far.lock(name, FarClient.brief(trial)));
        Link.Held command = far.hold(Command.Kind.RENEW);
        Actor<Optional<Boolean>> renewal = trial.start(() -> FarClient.answer(() -> former.renew(asked)));
        far.await(command, "a renewal");
        if (!Holding.hasExpiry(trial) && trial.backend().store().isPresent()) {
            trial.store().expire(name); // the session may outlive the lease, over another connection
        }
        Lease owner = FarClient.takeOver(trial, trial.client().lock(name, owners));
        command.letGo();
        if (renewal.get().orElse(false)) {
            throw new AssertionError("renew() of lock '" + name + "' says true, though another client had been granted"
                    + " the lock before the renewal reached the store");
        }
        return owner;
    }

    @Rule("2.14")
    void r2_14_clientThatDiesInAnAcquisitionLeavesNothing(Trial trial) throws Exception {
        LockClient other = trial.client();
        dieAfterEach(trial, MOST_COMMANDS, commands -> diesInAcquire(trial, other, commands));
        dieAfterEach(trial, MOST_COMMANDS_OF_WAITER, commands -> diesWaiting(trial, other, commands));
    }

    /** A client that dies after some commands. False: it needed fewer. */
    private interface Dying {
        boolean after(int commands) throws Exception;
    }

    /** After one command, two, three and so on, several at a time: the lease or session of each must run out. */
    private static void dieAfterEach(Trial trial, int most, Dying dying) throws Exception {
        boolean died = true;
        for (int first = 1; died && first <= most; first += AT_A_TIME) {
            var wave = new ArrayList<Actor<Boolean>>();
            for (int commands = first; commands < first + AT_A_TIME; commands++) {
                int lives = commands;
                wave.add(trial.start(() -> dying.after(lives)));
            }
            for (Actor<Boolean> one : wave) {
                died &= one.get();
            }
        }
    }

    /** Lets some commands of an acquisition through, and demands that the lock is free soon. False: it needs fewer. */
    private static boolean diesInAcquire(Trial trial, LockClient other, int commands) throws Exception {
        var dying = FarClient.fresh(trial);
        String name = trial.name();
        Link.Fault cut = dying.link().cutAfter(commands);
        FarClient.answer(dying.lock(name, FarClient.brief(trial))::tryAcquire);
        boolean died = cut.hasHappened();
        dying.client().close();
        FarClient.takeOver(trial, other.lock(name)).release();
        return died;
    }

    /** The same with a client that waits. */
    private static boolean diesWaiting(Trial trial, LockClient other, int commands) throws Exception {
        var dying = FarClient.fresh(trial);
        Lease holder = trial.take(other.lock(trial.name()));
        DistributedLock wanted = dying.lock(holder.lockName(), FarClient.brief(trial));
        Link.Fault cut = dying.link().cutAfter(commands);
        Actor<Optional<Lease>> waiter = trial.start(
                () -> FarClient.answer(() -> wanted.acquire(trial.bounds().generous())));
        boolean died = cut.awaitHappened(trial.bounds().slack());
        dying.client().close();
        waiter.get();
        Holding.releaseOwn(holder, "for which a client had waited that died");
        FarClient.takeOver(trial, other.lock(holder.lockName())).release();
        return died;
    }

    @Rule("2.15")
    void r2_15_acquireWhoseReplyIsLostLeavesNoOrphan(Trial trial) throws Exception {
        var far = FarClient.tellingApart(trial);
        DistributedLock lock = far.lock(trial.name());
        Link.Fault lost = far.link().loseReply(FarClient.kind(Command.Kind.ACQUIRE));
        Optional<Optional<Lease>> answer = FarClient.answer(lock::tryAcquire);
        far.await(lost, "an acquire");
        if (answer.isPresent()) {
            answer.get()
                    .orElseThrow(
                            () -> new AssertionError("lock '" + lock.name() + "' is free, and was refused to a client"
                                    + " that had not heard the answer to its first request"))
                    .release();
        }
        awaitOwn(trial, lock, () -> {
            Optional<Lease> own = lock.tryAcquire();
            own.ifPresent(Lease::release);
            return own.isPresent();
        });
        trial.take(trial.client().lock(lock.name())).release();
        assertNoSecondHold(trial, far, lock.asLock(), lock);
    }

    private static void assertNoSecondHold(Trial trial, FarClient far, LockView view, DistributedLock lock)
            throws Exception {
        Link.Fault lost = far.link().loseReply(FarClient.kind(Command.Kind.ACQUIRE));
        boolean locked = FarClient.answer(view::tryLock).orElse(false);
        far.await(lost, "an acquire");
        if (!locked) {
            awaitOwn(trial, lock, view::tryLock);
        }
        if (view.getHoldCount() != 1) {
            throw new AssertionError(
                    "lock '" + lock.name() + "' was locked once, after an attempt whose reply was lost," + " and has "
                            + view.getHoldCount() + " holds");
        }
        trial.assertRefused(trial.client().lock(lock.name()), "another client has locked it");
        view.unlock();
        trial.take(trial.client().lock(lock.name())).release();
    }

    private static void awaitOwn(Trial trial, DistributedLock lock, Trial.Condition granted) throws Exception {
        trial.eventually(
                trial.bounds().crashRelease(),
                "lock '" + lock.name() + "' is granted to the client whose first request was carried out and its reply"
                        + " lost: nobody holds it",
                () -> FarClient.answer(granted::holds).orElse(false));
    }

    @Rule("2.16")
    void r2_16_releaseWhoseReplyIsLostLeavesTheNextOwnerAlone(Trial trial) throws Exception {
        var far = FarClient.tellingApart(trial);
        Lease former = trial.take(far.lock(trial.name()));
        Link.Fault lost = far.link().loseReply(FarClient.kind(Command.Kind.RELEASE));
        Actor<ReleaseOutcome> release = trial.start(former::release);
        far.await(lost, "a release");
        Lease owner = trial.take(trial.client().lock(former.lockName()));
        assertUntouched(trial, owner, "released it, and did not hear the answer");
        if (release.get() == ReleaseOutcome.NOT_HELD) {
            throw new AssertionError(
                    "the release of lock '" + former.lockName() + "' was carried out and its reply lost,"
                            + " and the caller is told " + ReleaseOutcome.NOT_HELD + ", as if it had been lost before");
        }
        Holding.releaseOwn(owner, "after its former owner's release, whose reply was lost");
    }

    private static void assertUntouched(Trial trial, Lease owner, String since) throws InterruptedException {
        Duration time = trial.bounds().slack().multipliedBy(2); // whoever sends it again does so at once, or soon
        FarClient.assertUntouched(trial, owner, trial.client().lock(owner.lockName()), time, since);
    }

    @Rule("2.21")
    void r2_21_entryOfAFormerSessionIsNotAdopted(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        assertNotAdopted(trial, far, far.link()::reset);
        assertNotAdopted(trial, far, () -> {
            far.link().cut();
            far.link().heal();
        });
    }

    private static void assertNotAdopted(Trial trial, FarClient far, Runnable fault) throws Exception {
        DistributedLock lock = far.lock(trial.name());
        Lease first = trial.take(lock);
        fault.run();
        far.whenBack(() -> trial.take(far.lock(trial.name()))).release(); // connected again
        for (int i = 0; i < 3; i++) {
            Optional<Lease> second = far.whenBack(lock::tryAcquire);
            if (second.isPresent() && (first.isHeld() || isSame(trial, first, second.get()))) {
                throw new AssertionError("lock '" + lock.name() + "' was granted a second time to the same client after"
                        + " its connections were cut; the entry that it made before them was taken for a new grant");
            }
            second.ifPresent(Lease::release);
        }
        first.release();
    }

    private static boolean isSame(Trial trial, Lease first, Lease second) {
        return trial.declares(Capability.FENCING) && first.fencingToken() == second.fencingToken();
    }
}
