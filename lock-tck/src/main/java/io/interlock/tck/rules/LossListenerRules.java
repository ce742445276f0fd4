// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseListener;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockClient;
import io.interlock.LockListener;
import io.interlock.LockOptions;
import io.interlock.LossReason;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Link;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** §6: what listeners are told of a loss, and what they may do. */
public class LossListenerRules {
    private static final int MANY = 20;

    @Rule("6.08")
    void r6_08_listenersThatThrowOrBlockDisturbNothing(Trial trial) throws Exception {
        LockClient client = trial.client();
        var unblocked = new CountDownLatch(1);
        trial.closing(unblocked::countDown);
        client.addListener(new BadListener(() -> {
            throw new IllegalStateException("a listener of the test kit that throws");
        }));
        client.addListener(new BadListener(() -> await(unblocked)));
        Lease kept = trial.take(client.lock(trial.name(), Holding.steady(trial)));
        Lease lost = trial.take(client.lock(
                trial.name(), Holding.steady(trial).withMaxHold(trial.bounds().lease())));
        for (int i = 0; i < MANY; i++) { // more than there are threads in any pool
            LeaseListener throwing = change -> {
                throw new AssertionError("a listener of the test kit that throws an error");
            };
            LeaseListener blocking = change -> await(unblocked);
            lost.onStateChange(throwing);
            lost.onStateChange(blocking);
        }
        var good = new LossRecorder();
        lost.onStateChange(good);
        Holding.awaitLost(trial, lost);
        good.awaitLoss(trial, trial.bounds().lossDetection(), "a listener behind others that throw or block");
        trial.pass(Holding.steadyLease(trial));
        String when = "a lease after listeners began to throw and to block";
        Holding.assertKept(trial, kept, trial.client().lock(kept.lockName()), when);
        Holding.releaseOwn(kept, when);
        Holding.takeSoon(trial, client.lock(lost.lockName()), "its loss, whose listeners block")
                .release();
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // it must not end before the rule does
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does the same bad thing on every event of a client. */
    private record BadListener(Runnable bad) implements LockListener {
        @Override
        public void acquired(String lockName, Duration waited, int attempts) {
            bad.run();
        }

        @Override
        public void stateChanged(LeaseStateChange change) {
            bad.run();
        }
    }

    @Rule("6.09")
    void r6_09_listenerMayUseTheLibrary(Trial trial) throws Exception {
        LockClient client = trial.client();
        Lease lost = trial.take(client.lock(trial.name(), trial.shortLease()));
        assertEnds(trial, whenTold(lost, LeaseState.LOST, lost::release), "release()");
        assertEnds(trial, whenTold(lost, LeaseState.LOST, lost::close), "close()");
        DistributedLock lock = client.lock(lost.lockName());
        var acquired = whenTold(
                lost,
                LeaseState.LOST,
                () -> Holding.takeSoon(trial, lock, "its loss, in a listener").release());
        assertEnds(trial, acquired, "acquiring the lost lock again");
        Lease released = Holding.takeSoon(trial, lock, "it was used in a listener");
        var inRelease = whenTold(released, LeaseState.RELEASED, () -> {
            released.release();
            trial.take(client.lock(trial.name())).release();
            Holding.takeSoon(trial, lock, "its release, in a listener").release();
        });
        released.release();
        assertEnds(trial, inRelease, "release() and acquiring, when told of a release,");
    }

    private interface Use {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> whenTold(Lease lease, LeaseState state, Use use) {
        var end = new CompletableFuture<Void>();
        lease.onStateChange(change -> {
            if (change.state() == state) {
                try {
                    use.run();
                    end.complete(null);
                } catch (Throwable failed) {
                    end.completeExceptionally(failed);
                }
            }
        });
        return end;
    }

    private static void assertEnds(Trial trial, CompletableFuture<Void> use, String what) throws Exception {
        Duration bound = trial.bounds().generous().dividedBy(2); // far beyond any stall: more is a deadlock
        try {
            use.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hangs) {
            throw new AssertionError(
                    what + " inside a listener has not ended within " + bound.toMillis() + " ms", hangs);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            throw new AssertionError(
                    what + " inside a listener fails: " + (cause == null ? "" : cause.getMessage()), failed);
        }
    }

    /** Latency where the kit has power over the network; pressure on the garbage collector everywhere. */
    @Rule("6.10")
    void r6_10_noFalseAlarmInSteadyState(Trial trial) throws Exception {
        Duration time = Holding.steadyLease(trial);
        LockClient client = trial.client();
        var alarms = new LossRecorder();
        client.addListener(alarms);
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            leases.add(trial.take(client.lock(trial.name(), Holding.steady(trial))));
        }
        Optional<Link> link = trial.backend().network().map(network -> slowLink(trial, time));
        if (link.isPresent()) {
            LockClient slow = trial.client(ClientSpec.through(link.get()));
            slow.addListener(alarms);
            LockOptions options = LockOptions.defaults().withLease(time.multipliedBy(2));
            leases.add(trial.take(slow.lock(trial.name(), options)));
        }
        boolean soak = Boolean.getBoolean("lock.tck.soak");
        Duration steady = soak ? Duration.ofSeconds(60) : time.multipliedBy(5);
        litter(trial, steady);
        if (!alarms.changes().isEmpty()) {
            throw new TimingError("a false alarm in steady state: " + alarms.changes());
        }
        leases.forEach(lease -> trial.assertHeld(lease, "after " + steady.toMillis() + " ms of steady state"));
        link.ifPresent(Link::heal);
        leases.forEach(lease -> Holding.releaseOwn(lease, "after steady state"));
    }

    /** A link with up to 20 % latency for a lease of twice the time, beside whose call timeout the slack is small. */
    private static Link slowLink(Trial trial, Duration time) {
        Link link = trial.newLink();
        Duration oneWay = time.dividedBy(5L * trial.bounds().roundTrips());
        link.delay(oneWay.dividedBy(2), oneWay);
        return link;
    }

    /** Makes garbage that lives for a while, and has it collected, until the time is over. */
    private static void litter(Trial trial, Duration time) {
        var kept = new ArrayList<byte[]>();
        long end = trial.now() + time.toNanos();
        for (int round = 1; trial.now() < end; round++) {
            kept.add(new byte[64 * 1024]);
            if (kept.size() > 500) {
                kept.clear();
            }
            if (round % 1000 == 0) {
                System.gc();
            }
            LockSupport.parkNanos(500_000);
        }
    }

    @Rule("6.11")
    void r6_11_reasonIsTold(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockOptions renewed = Holding.steady(trial);
        LockOptions capped = Holding.steady(trial).withMaxHold(trial.bounds().lease());
        assertReason(trial, LossReason.EXPIRED, trial.take(client.lock(trial.name(), trial.shortLease())), () -> {});
        assertReason(trial, LossReason.MAX_HOLD, trial.take(client.lock(trial.name(), capped)), () -> {});
        LockClient closing = trial.client();
        assertReason(trial, LossReason.CLOSED, trial.take(closing.lock(trial.name(), renewed)), closing::close);
        if (trial.declares(Capability.FORCE_RELEASE) && trial.declares(Capability.FENCING)) {
            Lease forced = trial.take(client.lock(trial.name(), renewed));
            Use force = () -> trial.client().forceRelease(forced.lockName(), forced.fencingToken());
            assertReason(trial, LossReason.FORCED, forced, force);
        }
        if (trial.backend().store().isPresent()) {
            Lease deleted = trial.take(client.lock(trial.name(), renewed));
            assertReason(trial, LossReason.DELETED, deleted, () -> trial.store().delete(deleted.lockName()));
            Lease stolen = trial.take(client.lock(trial.name(), renewed));
            Duration seen = Holding.steadyLease(trial).multipliedBy(2); // a renewal or two come meanwhile
            Use steal = () -> trial.store().steal(stolen.lockName(), seen);
            assertReason(trial, LossReason.TAKEN, stolen, steal);
        }
        if (trial.backend().network().isPresent() && Holding.hasExpiry(trial)) {
            var far = FarClient.over(trial);
            Lease cutOff = trial.take(far.lock(trial.name(), renewed));
            LossReason reason = trial.declares(Capability.QUORUM) ? LossReason.QUORUM_LOST : LossReason.UNREACHABLE;
            assertReason(trial, reason, cutOff, far.link()::blackHole);
        }
    }

    private static void assertReason(Trial trial, LossReason expected, Lease lease, Use loss) throws Exception {
        var recorder = new LossRecorder();
        lease.onStateChange(recorder);
        loss.run();
        Duration bound = Holding.steadyLease(trial).plus(trial.bounds().lossDetection());
        String whose = "the holder of lock '" + lease.lockName() + "', lost because of " + expected + ",";
        recorder.awaitLoss(trial, bound, whose);
        if (!recorder.losses().equals(List.of(expected))) {
            throw new AssertionError(whose + " is told " + recorder.changes());
        }
        try {
            lease.ensureHeld();
            throw new AssertionError(whose + " is told that it is still held");
        } catch (LeaseLostException told) {
            if (told.reason() != expected) {
                throw new AssertionError(whose + " learns from ensureHeld() that it was " + told.reason(), told);
            }
        }
    }
}
