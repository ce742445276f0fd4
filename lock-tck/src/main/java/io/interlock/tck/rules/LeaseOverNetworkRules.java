// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockOptions;
import io.interlock.spi.Validity;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** §5: leases, over a network with faults. */
public class LeaseOverNetworkRules {
    private static final Duration LOOK = Duration.ofMillis(2);

    @Rule("5.07")
    void r5_07_validityCountsFromTheRequest(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        Duration time = longer(trial);
        Duration oneWay = time.dividedBy(10L * trial.bounds().roundTrips());
        far.link().delay(oneWay, oneWay);
        long asked = trial.now();
        Lease lease = trial.take(far.lock(trial.name(), LockOptions.defaults().withLease(time)));
        long end = asked + time.toNanos();
        do { // over some renewals
            assertPessimistic(lease, time, oneWay.multipliedBy(2), "is granted or renewed");
            trial.pass(LOOK);
        } while (trial.now() < end);
        trial.assertHeld(lease, "while it is renewed over a slow network");
        if (trial.declares(Capability.EXTEND)) {
            Duration asks = time.multipliedBy(2);
            lease.renew(asks);
            assertPessimistic(lease, asks, oneWay.multipliedBy(2), "was renewed by its holder");
        }
        lease.release();
    }

    /** Any answer has been under way for a round trip, and the lease began before its request was. */
    static void assertPessimistic(Lease lease, Duration time, Duration roundTrip, String when) {
        Duration most = time.minus(roundTrip).minus(Validity.drift(time));
        Duration claimed = lease.remaining();
        if (claimed.compareTo(most) > 0) {
            throw new AssertionError("lock '" + lease.lockName() + "' " + when + " for " + time.toMillis()
                    + " ms over a network whose round trip takes " + roundTrip.toMillis() + " ms, and its lease claims "
                    + claimed.toMillis() + " ms; " + most.toMillis() + " are sure");
        }
    }

    @Rule("5.08")
    void r5_08_spentLeaseIsNoGrantAndIsUndone(Trial trial) throws Exception {
        var far = FarClient.tellingApart(trial);
        String name = trial.name();
        Duration time = trial.bounds().lease();
        Duration oneWay = time.multipliedBy(2).dividedBy(3);
        var undone = new AtomicInteger();
        // slow from here on, so that an attempt of several steps comes that far
        Link.Held acquire = far.hold(Command.Kind.ACQUIRE);
        Actor<Optional<Optional<Lease>>> attempt =
                trial.start(() -> FarClient.answer(far.lock(name, trial.shortLease())::tryAcquire));
        far.await(acquire, "an acquire");
        far.link().hold(command -> {
            if (undoes(command)) {
                undone.incrementAndGet();
            }
            return false;
        });
        far.link().delay(oneWay, oneWay);
        acquire.letGo();
        Optional<Optional<Lease>> answer = attempt.get();
        Optional<Lease> granted = answer.flatMap(lease -> lease);
        if (granted.isPresent()) {
            throw new AssertionError("lock '" + name + "' was granted for " + time.toMillis()
                    + " ms over a network whose"
                    + " round trip takes " + oneWay.multipliedBy(2).toMillis() + " ms: the lease was used up before the"
                    + " holder could know of it, and claims another "
                    + granted.get().remaining().toMillis() + " ms");
        }
        // the undo may need a new connection
        far.link().delay(Duration.ZERO, Duration.ZERO);
        trial.eventually(
                trial.bounds().crashRelease().plus(oneWay.multipliedBy(4)),
                "a grant of lock '" + name + "' that came too late is undone in the store",
                () -> undone.get() > 0);
        far.link().heal();
        Holding.takeSoon(trial, trial.client().lock(name), "a grant that came too late was undone")
                .release();
    }

    /** To look is enough where the entry that is found may be over already, and thus another's soon. */
    private static boolean undoes(Command command) {
        return command.is(Command.Kind.UNDO) || command.is(Command.Kind.RELEASE) || command.is(Command.Kind.LOOK);
    }

    @Rule("5.12")
    void r5_12_failedRenewalsInsideTheLeaseAreNoLoss(Trial trial) throws Exception {
        var cut = FarClient.over(trial);
        List<Actor<Boolean>> parts = new ArrayList<>(); // at the same time: each lasts longer than a lease
        parts.add(surviving(trial, cut, "the network was down for a third of its lease", lease -> {
            cut.link().cut();
            trial.pass(longer(trial).dividedBy(3));
            cut.link().heal();
        }));
        if (cut.link().tellsCommandsApart()) {
            var one = FarClient.over(trial);
            var two = FarClient.over(trial);
            parts.add(surviving(trial, one, "one renewal had failed", lease -> drop(one, 1)));
            parts.add(surviving(trial, two, "two renewals had failed", lease -> drop(two, 2)));
        }
        for (Actor<Boolean> part : parts) {
            part.get();
        }
    }

    private static Actor<Boolean> surviving(Trial trial, FarClient far, String what, Fault fault) {
        return trial.start(() -> {
            assertSurvives(trial, far, what, fault);
            return true;
        });
    }

    /** Something that befalls a lease. */
    private interface Fault {
        void strike(Lease lease) throws Exception;
    }

    private static void drop(FarClient far, int renewals) throws Exception {
        List<Link.Held> held = new ArrayList<>();
        for (int i = 0; i < renewals; i++) {
            held.add(far.link().hold(FarClient.kind(Command.Kind.RENEW)));
        }
        for (Link.Held renewal : held) {
            far.await(renewal, "a renewal");
            renewal.drop();
        }
    }

    private static void assertSurvives(Trial trial, FarClient far, String what, Fault fault) throws Exception {
        var told = new LossRecorder();
        Duration time = longer(trial);
        Lease lease = trial.take(far.lock(trial.name(), LockOptions.defaults().withLease(time)));
        lease.onStateChange(told);
        fault.strike(lease);
        long end = trial.now() + time.toNanos(); // beyond the end of what it was granted for
        while (trial.now() < end) {
            if (lease.state() == LeaseState.LOST) {
                throw new TimingError("lock '" + lease.lockName() + "' is lost because of " + told.losses() + " after "
                        + what + "; its lease was not over");
            }
            trial.pass(LOOK);
        }
        Holding.assertKept(trial, lease, trial.client().lock(lease.lockName()), "after " + what);
        told.assertNoLoss("the holder of lock '" + lease.lockName() + "'", "after " + what);
        Holding.releaseOwn(lease, "after " + what);
    }

    /** {@return a lease of which a fraction is long beside the slack} */
    private static Duration longer(Trial trial) {
        return Holding.steadyLease(trial).multipliedBy(3);
    }
}
