// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;

/** §13: faults. */
public class FaultRules {
    @Rule("13.14")
    void r13_14_entryDeletedByAnAdministrator(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Lease deleted = trial.take(client.lock(name, Holding.steady(trial)));
        var signal = new LossRecorder();
        deleted.onStateChange(signal);
        if (!trial.store().delete(name)) {
            throw new AssertionError("lock '" + name + "' is held, and its entry can't be deleted");
        }
        Lease next = Holding.takeSoon(trial, trial.client().lock(name), "its entry was deleted");
        Duration bound = Holding.steadyLease(trial).plus(trial.bounds().lossDetection());
        trial.eventually(
                bound, "deleted lock '" + name + "' is not held by its former holder", () -> !deleted.isHeld());
        if (trial.declares(Capability.LOSS_SIGNAL)) {
            signal.awaitLoss(trial, trial.bounds().lossDetection(), "the holder of deleted lock '" + name + "'");
        }
        ReleaseOutcome outcome = deleted.release();
        if (outcome != ReleaseOutcome.NOT_HELD) {
            throw new AssertionError("the release of deleted lock '" + name + "' says " + outcome);
        }
        Holding.assertKept(trial, next, trial.client().lock(name), "after the release of a deleted one");
        Holding.releaseOwn(next, "after the release of a deleted one");
        trial.take(client.lock(name)).release();
    }

    @Rule("13.18")
    void r13_18_recoversWhenItsSubscriptionIsKilled(Trial trial) throws Exception {
        LockClient client = trial.client();
        DistributedLock holding = trial.client().lock(trial.name());
        DistributedLock waiting = client.lock(holding.name());
        Lease kept = trial.take(client.lock(trial.name(), Holding.steady(trial)));
        Duration fallback = trial.bounds().recheck().plus(trial.bounds().wakeUp());
        long killed = trial.now();
        handOver(trial, holding, waiting, fallback, () -> trial.store().killSubscriptions());
        Duration took;
        do {
            took = handOver(trial, holding, waiting, fallback, () -> {});
            trial.assertWithin(
                    fallback,
                    killed,
                    "to be woken as before, after a subscription was killed, and " + took.toMillis() + " ms late,");
        } while (took.compareTo(trial.bounds().wakeUp()) > 0);
        Holding.assertKept(
                trial, kept, trial.client().lock(kept.lockName()), "after its client's subscription was killed");
    }

    /** {@return the time from a release to the grant of a waiter, between which something happens} */
    private static Duration handOver(
            Trial trial, DistributedLock from, DistributedLock to, Duration bound, Runnable meanwhile)
            throws Exception {
        Lease lease = trial.take(from);
        Actor<Lease> waiter = trial.start(to::acquire);
        trial.awaitWaiting(from.name(), 1, waiter);
        meanwhile.run();
        long released = trial.now();
        Holding.releaseOwn(lease, "for which another client waits");
        trial.eventually(
                bound,
                "a waiter for lock '" + from.name()
                        + "' is granted it after its release, though a subscription was killed",
                waiter::isDone);
        Lease next = waiter.get();
        Duration took = Duration.ofNanos(waiter.endedAt() - released);
        next.release();
        return took;
    }
}
