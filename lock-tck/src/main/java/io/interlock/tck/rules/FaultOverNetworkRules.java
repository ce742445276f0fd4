// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LockView;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** §13: faults of the network. */
public class FaultOverNetworkRules {
    private static final Duration LOOK = Duration.ofMillis(2);
    private static final Duration LEAST_DELAY = Duration.ofMillis(50);
    private static final Duration MOST_DELAY = Duration.ofMillis(150);
    private static final int TURNS = 2;

    @Rule("13.07")
    void r13_07_grantOutlivesAReset(Trial trial) throws Exception {
        LockClient others = trial.client();
        var far = FarClient.over(trial);
        assertGoesOnOrIsTold(trial, far, others);
        Lease released = trial.take(far.lock(trial.name()));
        far.link().reset();
        ReleaseOutcome outcome = released.release();
        Holding.takeSoon(
                        trial,
                        others.lock(released.lockName()),
                        "its connections were reset and its holder released it: " + outcome)
                .release();
        Lease closed = trial.take(far.lock(trial.name()));
        far.link().reset();
        far.client().close();
        Holding.takeSoon(trial, others.lock(closed.lockName()), "its connections were reset and its client was closed")
                .release();
    }

    private static void assertGoesOnOrIsTold(Trial trial, FarClient far, LockClient others) throws Exception {
        var told = new LossRecorder();
        Lease lease = trial.take(far.lock(trial.name(), Holding.steady(trial)));
        lease.onStateChange(told);
        far.link().reset();
        long end = trial.now() + Holding.steadyLease(trial).multipliedBy(2).toNanos();
        while (trial.now() < end && lease.state() != LeaseState.LOST) {
            trial.pass(LOOK);
        }
        if (lease.state() == LeaseState.LOST) {
            told.awaitLoss(trial, trial.bounds().lossDetection(), "the holder of lock '" + lease.lockName() + "'");
            Holding.takeSoon(trial, others.lock(lease.lockName()), "its holder lost it with its connections")
                    .release();
            return;
        }
        Holding.assertKept(trial, lease, others.lock(lease.lockName()), "after its connections were reset");
        Holding.releaseOwn(lease, "after its connections were reset");
        Holding.takeSoon(trial, others.lock(lease.lockName()), "its connections were reset and its holder released it")
                .release();
    }

    @Rule("13.08")
    void r13_08_deadNetworkEndsHoldsAndCallsInTime(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        Lease held = trial.take(far.lock(trial.name(), trial.shortLease()));
        Lease renewed = trial.take(far.lock(trial.name()));
        Lease kept = trial.take(far.lock(trial.name()));
        far.link().blackHole();
        LossRules.assertEndsAsClaimed(trial, held);
        assertCallsEnd(trial, far, renewed);
        // the attempts under way, the locks in hand, what is to be undone, the connections
        Duration ofClose = FarClient.callTimeout(trial).multipliedBy(3);
        assertEnd(trial, List.of(new Bounded("the client's close()", ofClose, () -> {
            far.client().close();
            return true;
        })));
        if (kept.isHeld()) {
            throw new AssertionError("lock '" + kept.lockName() + "' is held after its client was closed");
        }
        assertRecoversFromDeafConnections(trial);
    }

    /** A call, and how long it may take beside one call to the store. */
    private record Bounded(String words, Duration more, Callable<?> call) {}

    private static void assertCallsEnd(Trial trial, FarClient far, Lease held) throws Exception {
        Duration wait = trial.bounds().slack();
        var calls = new ArrayList<Bounded>(); // each about a name of its own: none waits for another
        calls.add(new Bounded("tryAcquire()", Duration.ZERO, far.lock(trial.name())::tryAcquire));
        DistributedLock tried = far.lock(trial.name());
        calls.add(new Bounded("tryAcquire(wait)", wait, () -> tried.tryAcquire(wait)));
        DistributedLock acquired = far.lock(trial.name());
        calls.add(new Bounded("acquire(wait)", wait, () -> acquired.acquire(wait)));
        LockView view = far.lock(trial.name()).asLock();
        calls.add(new Bounded("tryLock(wait)", wait, () -> view.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)));
        if (trial.declares(Capability.EXTEND)) {
            calls.add(new Bounded("renew()", Duration.ZERO, () -> held.renew(Duration.ofSeconds(60))));
        }
        assertEnd(trial, calls);
        assertEnd(trial, List.of(new Bounded("release()", Duration.ZERO, held::release)));
    }

    /** Makes the calls all at once. */
    private static void assertEnd(Trial trial, List<Bounded> calls) throws Exception {
        long start = trial.now();
        var actors = new ArrayList<Actor<?>>();
        calls.forEach(bounded -> actors.add(trial.start(() -> FarClient.answer(bounded.call()))));
        for (int i = 0; i < calls.size(); i++) {
            Bounded called = calls.get(i);
            Duration bound = called.more()
                    .plus(FarClient.callTimeout(trial))
                    .plus(trial.bounds().slack());
            trial.eventually(
                    bound.minusNanos(trial.now() - start),
                    called.words() + " returns, which may take " + bound.toMillis() + " ms when the network is dead",
                    actors.get(i)::isDone);
            actors.get(i).get();
        }
    }

    private static void assertRecoversFromDeafConnections(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        far.link().goDeaf();
        Lease lease = far.whenBack(() -> trial.take(far.lock(trial.name())));
        Holding.assertKept(trial, lease, trial.client().lock(lease.lockName()), "over new connections");
        far.whenBack(lease::release);
    }

    @Rule("13.09")
    void r13_09_slowNetworkOnlyShrinksValidity(Trial trial) throws Exception {
        Duration callTimeout = MOST_DELAY
                .multipliedBy(18 + 2L * trial.bounds().roundTrips())
                .plus(trial.bounds().slack()); // a new connection takes some
        var one = FarClient.patient(trial, callTimeout);
        var two = FarClient.patient(trial, callTimeout);
        String name = trial.name();
        one.link().delay(LEAST_DELAY, MOST_DELAY);
        two.link().delay(LEAST_DELAY, MOST_DELAY);
        assertRenewed(trial, one.lock(name, steady(trial)), two.lock(name));
        handOver(trial, one.lock(name), two.lock(name));
        assertExcludes(trial, name, one, two);
        assertLossIsTold(trial, one, two);
    }

    /** Calls may take no more than a third of their lease, and are slow. */
    private static LockOptions steady(Trial trial) {
        return LockOptions.defaults()
                .withLease(Holding.steadyLease(trial)
                        .plus(MOST_DELAY.multipliedBy(8L * trial.bounds().roundTrips())));
    }

    private static void assertRenewed(Trial trial, DistributedLock lock, DistributedLock other) throws Exception {
        Duration time = steady(trial).lease();
        Lease lease = trial.take(lock);
        if (Holding.hasExpiry(trial)) {
            LeaseOverNetworkRules.assertPessimistic(lease, time, LEAST_DELAY.multipliedBy(2), "is granted");
        }
        trial.assertRefused(other, "another client holds it");
        trial.pass(time);
        Holding.assertKept(trial, lease, other, "by renewals over a slow network");
        assertGivenBack(lease.release(), lock);
    }

    /** An answer may come too late for a call that may take no more than a third of the lease. */
    private static void assertGivenBack(ReleaseOutcome outcome, DistributedLock lock) {
        if (outcome == ReleaseOutcome.NOT_HELD) {
            throw new AssertionError(
                    "the release of held lock '" + lock.name() + "' over a slow network says " + outcome);
        }
    }

    private static void handOver(Trial trial, DistributedLock from, DistributedLock to) throws Exception {
        Lease lease = Holding.takeSoon(trial, from, "it was released over a slow network");
        Actor<Lease> waiter = trial.start(to::acquire);
        trial.awaitWaiting(lease.lockName(), 1, waiter);
        long released = trial.now();
        Holding.releaseOwn(lease, "over a slow network");
        Lease next = waiter.get();
        Duration bound = trial.bounds()
                .wakeUp()
                .plus(MOST_DELAY.multipliedBy(3 + 2L * trial.bounds().roundTrips())); // release, message, attempt
        if (waiter.endedAt() - released > bound.toNanos()) {
            throw new TimingError("over a slow network a waiter was granted lock '" + lease.lockName() + "' "
                    + (waiter.endedAt() - released) / 1_000_000 + " ms after its release; the bound is "
                    + bound.toMillis() + " ms");
        }
        Holding.releaseOwn(next, "over a slow network");
    }

    private static void assertExcludes(Trial trial, String name, FarClient... clients) throws Exception {
        var crowd = new Crowd(trial, name, trial.bounds().generous());
        for (FarClient client : clients) {
            crowd.waiter(client.lock(name), TURNS);
        }
        crowd.join();
    }

    private static void assertLossIsTold(Trial trial, FarClient holder, FarClient other) throws Exception {
        var told = new LossRecorder();
        Duration time = steady(trial).lease();
        DistributedLock lock = holder.lock(trial.name(), steady(trial).withRenewal(RenewalMode.NONE));
        Lease lost = holder.whenBack(() -> lock.acquire(time.multipliedBy(2)));
        lost.onStateChange(told);
        Duration bound = time.plus(trial.bounds().crashRelease());
        Lease next = Holding.follow(trial, lost, other.lock(lost.lockName()), bound, "its lease began");
        told.awaitLoss(trial, trial.bounds().lossDetection(), "the holder of lock '" + lost.lockName() + "'");
        ReleaseOutcome outcome = lost.release();
        if (outcome != ReleaseOutcome.NOT_HELD) {
            throw new AssertionError("the release of lost lock '" + lost.lockName() + "' says " + outcome);
        }
        Holding.releaseOwn(next, "after the late release of its former holder, over a slow network");
    }

    @Rule("13.10")
    void r13_10_formerHolderDoesNoHarmAfterAPartition(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        var told = new LossRecorder();
        Lease former = trial.take(far.lock(trial.name(), Holding.steady(trial)));
        former.onStateChange(told);
        far.link().blackHole();
        LockClient others = trial.client();
        Duration bound = Holding.steadyLease(trial).plus(trial.bounds().crashRelease());
        Lease owner =
                Holding.follow(trial, former, others.lock(former.lockName()), bound, "its holder was last heard of");
        far.link().heal();
        told.awaitLoss(trial, trial.bounds().lossDetection(), "the holder of lock '" + former.lockName() + "'");
        DistributedLock other = trial.client().lock(former.lockName());
        FarClient.assertUntouched(
                trial, owner, other, trial.bounds().crashRelease(), "come back from a partition, and done nothing");
        if (trial.declares(Capability.EXTEND)
                && FarClient.answer(() -> former.renew(trial.bounds().lease())).orElse(false)) {
            throw new AssertionError("renew() of lock '" + former.lockName() + "' says true after a partition, in which"
                    + " another client was granted the lock");
        }
        ReleaseOutcome outcome = former.release();
        if (outcome != ReleaseOutcome.NOT_HELD) {
            throw new AssertionError("the release of lock '" + former.lockName() + "' says " + outcome
                    + " after a partition, in which another client was granted the lock");
        }
        Duration shortened = trial.bounds().lease().plus(trial.bounds().slack());
        FarClient.assertUntouched(
                trial, owner, other, shortened, "come back from a partition, and tried to renew and to release it");
        told.assertOneLoss("the holder of lock '" + former.lockName() + "'");
        Holding.releaseOwn(owner, "after its former holder came back from a partition");
    }
}
