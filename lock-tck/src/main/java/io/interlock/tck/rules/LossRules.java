// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockView;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Link;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;

/** §6: loss. */
public class LossRules {
    @Rule("6.01")
    void r6_01_lossBehindTheHolderIsToldOnceWithinD(Trial trial) throws Exception {
        LockClient client = trial.client();
        var ofClient = new LossRecorder();
        client.addListener(ofClient);
        Lease deleted = trial.take(client.lock(trial.name(), Holding.steady(trial)));
        Lease stolen = trial.take(client.lock(trial.name(), Holding.steady(trial)));
        LossRecorder ofDeleted = told(trial, deleted, () -> trial.store().delete(deleted.lockName()));
        LossRecorder ofStolen =
                told(trial, stolen, () -> trial.store().steal(stolen.lockName(), Duration.ofSeconds(30)));
        trial.pass(Holding.steadyLease(trial)); // whoever tells it twice does so at the end of validity
        ofDeleted.assertOneLoss("the holder of deleted lock '" + deleted.lockName() + "'");
        ofStolen.assertOneLoss("the holder of stolen lock '" + stolen.lockName() + "'");
        if (ofClient.losses().size() != 2) {
            throw new AssertionError("the client's listener was told of two losses "
                    + ofClient.losses().size() + " times: " + ofClient.changes());
        }
        trial.store().delete(stolen.lockName());
        for (Lease lost : List.of(deleted, stolen)) {
            if (lost.isHeld()) {
                throw new AssertionError("lock '" + lost.lockName() + "' is held after its loss was told");
            }
        }
    }

    private static LossRecorder told(Trial trial, Lease lease, Runnable loss) throws Exception {
        var recorder = new LossRecorder();
        lease.onStateChange(recorder);
        loss.run();
        recorder.awaitLoss(trial, trial.bounds().lossDetection(), "the holder of lock '" + lease.lockName() + "'");
        return recorder;
    }

    @Rule("6.02")
    void r6_02_releaseIsNoLossAndClosingTheClientIsOne(Trial trial) throws Exception {
        LockClient client = trial.client();
        var ofClient = new LossRecorder();
        client.addListener(ofClient);
        var released = new LossRecorder();
        var closed = new LossRecorder();
        DistributedLock lock = client.lock(trial.name(), trial.renewedLease());
        Lease first = trial.take(lock);
        first.onStateChange(released);
        first.release();
        try (Lease second = trial.take(lock)) {
            second.onStateChange(closed);
        }
        trial.pass(trial.bounds().lease().multipliedBy(2));
        released.assertNoLoss("the listener of a lease", "though it was released");
        closed.assertNoLoss("the listener of a lease", "though it was closed");
        ofClient.assertNoLoss("the listener of a client", "though its leases were released");
        var left = new LossRecorder();
        Lease third = trial.take(lock);
        third.onStateChange(left);
        client.close();
        if (third.isHeld()) {
            throw new AssertionError("lock '" + lock.name() + "' is held after its client was closed");
        }
        left.awaitLoss(trial, trial.bounds().slack(), "the holder of a lease whose client is closed");
        trial.pass(trial.bounds().lease());
        if (!left.losses().equals(List.of(LossReason.CLOSED))) {
            throw new AssertionError(
                    "closing a client is to tell its lease LOST once because of CLOSED, and told " + left.changes());
        }
    }

    @Rule("6.03")
    void r6_03_lateListenerIsToldAtOnce(Trial trial) throws Exception {
        Lease lease = Holding.lost(trial, trial.client(), trial.name());
        for (String which : List.of("first", "second")) {
            var late = new LossRecorder();
            lease.onStateChange(late);
            String whose = "the " + which + " listener that was added after the loss";
            late.awaitLoss(trial, trial.bounds().slack(), whose);
            trial.pass(trial.bounds().lease().dividedBy(3));
            late.assertOneLoss(whose);
        }
    }

    @Rule("6.04")
    void r6_04_isHeldEndsWithTheClaimedValidity(Trial trial) throws Exception {
        assertEndsAsClaimed(trial, trial.take(trial.client().lock(trial.name(), trial.shortLease())));
        if (trial.backend().network().isPresent()) {
            Link link = trial.newLink();
            LockClient client = trial.client(ClientSpec.through(link));
            Duration time = Holding.steadyLease(trial);
            Lease unreachable =
                    trial.take(client.lock(trial.name(), trial.shortLease().withLease(time)));
            link.blackHole();
            assertEndsAsClaimed(trial, unreachable);
            link.heal();
        }
        if (trial.backend().store().isPresent()) {
            assertNoTraffic(trial);
        }
    }

    static void assertEndsAsClaimed(Trial trial, Lease lease) throws Exception {
        // far beyond any lease of these rules, so that a lease without an end is seen too
        long latest = trial.now() + trial.bounds().lease().multipliedBy(10).toNanos();
        while (lease.isHeld()) {
            Duration claimed = lease.remaining();
            latest = Math.min(latest, trial.now() + claimed.toNanos()); // any claim binds
            if (trial.now() > latest && lease.isHeld()) {
                throw new AssertionError("lock '" + lease.lockName() + "' is held " + (trial.now() - latest) / 1000
                        + " µs after the end of the validity that its lease had claimed");
            }
            trial.pass(Duration.ofNanos(200_000));
        }
        if (!lease.remaining().isZero()) {
            throw new AssertionError("lock '" + lease.lockName() + "' is not held, and claims validity for another "
                    + lease.remaining().toMillis() + " ms");
        }
        assertEnsureHeldFails(lease);
    }

    private static void assertEnsureHeldFails(Lease lease) {
        try {
            lease.ensureHeld();
        } catch (LeaseLostException expected) {
            return;
        }
        throw new AssertionError("lock '" + lease.lockName() + "' is not held, and ensureHeld() does nothing");
    }

    private static void assertNoTraffic(Trial trial) {
        int questions = 1000;
        try (Lease lease = trial.take(trial.client().lock(trial.name(), Holding.longLease(trial)))) {
            long before = trial.store().commandCount();
            for (int i = 0; i < questions; i++) {
                lease.isHeld();
                lease.remaining();
                lease.state();
            }
            long sent = trial.store().commandCount() - before;
            if (sent > questions / 10) { // a session may be kept alive meanwhile
                throw new AssertionError(questions + " times isHeld(), remaining() and state() sent " + sent
                        + " commands to the store; they must not need it");
            }
        }
    }

    @Rule("6.06")
    void r6_06_releaseOfALostLeaseTouchesNobody(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient other = trial.client();
        String name = trial.name();
        Lease lost = Holding.lost(trial, client, name);
        Lease taken = Holding.takeSoon(trial, other.lock(name), "its lease expired");
        assertSaysLost(lost);
        Holding.assertKept(trial, taken, trial.client().lock(name), "after the former holder's late release");
        Holding.releaseOwn(taken, "after the former holder's late release");
        // the same client, which may mix the two up
        Lease again = Holding.lost(trial, client, name);
        Lease own = Holding.takeSoon(trial, client.lock(name), "its lease expired");
        assertSaysLost(again);
        Holding.assertKept(trial, own, other.lock(name), "after the late release of this client's former lease");
        Holding.releaseOwn(own, "after the late release of this client's former lease");
        trial.take(client.lock(name)).release();
    }

    @SuppressWarnings("try") // that closing it does no harm is what is tested
    private static void assertSaysLost(Lease lost) {
        ReleaseOutcome outcome = lost.release();
        if (outcome != ReleaseOutcome.NOT_HELD) {
            throw new AssertionError("the release of lost lock '" + lost.lockName() + "' says " + outcome);
        }
        try (Lease closing = lost) {
            lost.close();
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "close() of a lost lease of lock '" + lost.lockName() + "' throws " + e.getMessage(), e);
        }
        if (lost.state() != LeaseState.LOST) {
            throw new AssertionError("a lost lease of lock '" + lost.lockName() + "' is " + lost.state()
                    + " after its release; the loss must stay to be seen");
        }
    }

    @Rule("6.07")
    void r6_07_renewOfALostLeaseIsFalse(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        assertNotRenewed(trial, Holding.lost(trial, client, name), "it ran out");
        Lease capped = Holding.takeSoon(
                trial,
                client.lock(
                        name, Holding.steady(trial).withMaxHold(trial.bounds().lease())),
                "its lease ran out");
        Holding.awaitLost(trial, capped);
        assertNotRenewed(trial, capped, "its longest hold was over");
        Lease deleted = Holding.takeSoon(trial, client.lock(name), "its longest hold was over");
        if (trial.backend().store().isPresent()) {
            trial.store().delete(name);
            assertNotRenewed(trial, deleted, "its entry was deleted");
        }
    }

    private static void assertNotRenewed(Trial trial, Lease lost, String after) {
        if (lost.renew(trial.bounds().lease())) {
            throw new AssertionError("renew() of lock '" + lost.lockName() + "' says true after " + after);
        }
        if (lost.isHeld() || !lost.remaining().isZero()) {
            throw new AssertionError(
                    "lock '" + lost.lockName() + "' is held after " + after + " and a refused renew()");
        }
    }

    @Rule("6.12")
    void r6_12_lossReachesEveryNestedHold(Trial trial) throws Exception {
        DistributedLock lock = trial.client().lock(trial.name(), trial.shortLease());
        LockView view = lock.asLock();
        for (int hold = 1; hold <= 3; hold++) {
            view.lock();
        }
        trial.eventually(
                trial.bounds().lease().plus(trial.bounds().lossDetection()),
                "three nested holds of lock '" + lock.name() + "' are lost with its lease",
                () -> !view.isHeldByCurrentThread());
        if (view.getHoldCount() != 3) {
            throw new AssertionError("three nested holds of lost lock '" + lock.name() + "' are counted as "
                    + view.getHoldCount() + "; they stay until they are unlocked");
        }
        DistributedLock elsewhere = trial.client().lock(lock.name());
        Lease next = Holding.takeSoon(trial, elsewhere, "its lease expired"); // no doubt about the loss from here on
        assertTellsLoss(lock, "a fourth nested lock()", view::lock);
        assertTellsLoss(lock, "a nested tryLock()", view::tryLock);
        view.unlock();
        assertTellsLoss(lock, "a nested lock() after the first unlock()", view::lock);
        view.unlock();
        assertTellsLoss(lock, "the last unlock()", view::unlock);
        if (view.getHoldCount() != 0) {
            throw new AssertionError("lost lock '" + lock.name() + "' has holds left after its last unlock()");
        }
        Holding.releaseOwn(next, "after the former holder's last unlock()");
    }

    private static void assertTellsLoss(DistributedLock lock, String what, Runnable call) {
        try {
            call.run();
        } catch (LeaseLostException expected) {
            return;
        }
        throw new AssertionError("lock '" + lock.name() + "' was lost, and " + what + " does not tell");
    }
}
