// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;

/** §6: loss, over a network with faults. */
public class LossOverNetworkRules {
    private static final Duration LOOK = Duration.ofMillis(2);

    @Rule("6.05")
    void r6_05_holderInAPartitionStopsBeforeAnotherBegins(Trial trial) throws Exception {
        LockClient others = trial.client();
        var dead = FarClient.over(trial);
        assertStopsFirst(trial, dead, others, "no byte passes any more", dead.link()::blackHole);
        var cut = FarClient.over(trial);
        assertStopsFirst(trial, cut, others, "its connections are cut", cut.link()::cut);
    }

    private static void assertStopsFirst(
            Trial trial, FarClient holder, LockClient others, String since, Runnable partition) throws Exception {
        var told = new LossRecorder();
        Lease lease = trial.take(holder.lock(trial.name(), Holding.steady(trial)));
        lease.onStateChange(told);
        trial.pass(Holding.steadyLease(trial).dividedBy(2)); // renewed once
        partition.run();
        // a renewal may have been on its way
        Duration bound = Holding.steadyLease(trial).plus(trial.bounds().crashRelease());
        Lease next = Holding.follow(
                trial, lease, others.lock(lease.lockName()), bound, "its holder was last heard of: " + since);
        told.awaitLoss(trial, trial.bounds().lossDetection(), "the holder of lock '" + lease.lockName() + "'");
        holder.link().heal();
        trial.pass(trial.bounds().slack());
        Holding.assertNotBoth(lease, next);
        told.assertOneLoss("the holder of lock '" + lease.lockName() + "'");
        Holding.releaseOwn(next, "after a partition of its former holder");
    }

    @Rule("6.13")
    void r6_13_suspendedSessionIsHeldByValidityOnly(Trial trial) throws Exception {
        assertGoesOnIfTheSessionLives(trial);
        assertEndsWithTheSession(trial);
    }

    private static void assertGoesOnIfTheSessionLives(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        var told = new LossRecorder();
        Lease lease = trial.take(far.lock(trial.name()));
        lease.onStateChange(told);
        far.link().reset();
        Duration session = lease.remaining();
        long end = trial.now() + session.toNanos();
        while (trial.now() < end) {
            Holding.assertKept(
                    trial, lease, trial.client().lock(lease.lockName()), "after a reset, within its session");
            trial.pass(session.dividedBy(10));
        }
        trial.eventually(
                trial.bounds().generous(),
                "lock '" + lease.lockName() + "' is held again: its session lived on",
                () -> lease.state() == LeaseState.HELD);
        told.assertNoLoss("the holder of lock '" + lease.lockName() + "'", "though its session lived on");
        Holding.releaseOwn(lease, "after a reset, within its session");
    }

    private static void assertEndsWithTheSession(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        var told = new LossRecorder();
        Lease lease = trial.take(far.lock(trial.name()));
        lease.onStateChange(told);
        far.link().blackHole();
        Duration bound = lease.remaining()
                .plus(trial.bounds().crashRelease())
                .plus(trial.bounds().generous());
        Lease next = Holding.follow(
                trial, lease, trial.client().lock(lease.lockName()), bound, "its holder's session was cut off");
        far.link().heal();
        told.awaitLoss(trial, trial.bounds().generous(), "the holder of lock '" + lease.lockName() + "'");
        long end = trial.now() + trial.bounds().crashRelease().toNanos();
        while (trial.now() < end) {
            Holding.assertNotBoth(lease, next);
            trial.pass(LOOK);
        }
        told.assertOneLoss("the holder of lock '" + lease.lockName() + "'");
        Holding.releaseOwn(next, "after the session of its former holder had ended");
    }
}
