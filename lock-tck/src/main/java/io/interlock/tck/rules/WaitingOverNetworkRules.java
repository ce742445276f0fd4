// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** §4: waiting, over a network with faults. */
public class WaitingOverNetworkRules {
    private static final int ROUNDS = 3;

    @Rule("4.02")
    void r4_02_releaseBetweenTheAttemptAndTheSubscriptionIsNotMissed(Trial trial) throws Exception {
        LockClient holding = trial.client();
        for (int round = 0; round < ROUNDS; round++) {
            var far = FarClient.tellingApart(trial);
            Lease holder = trial.take(holding.lock(trial.name()));
            Link.Held next = far.link().hold(nextStep(trial));
            Actor<Lease> waiter = trial.start(far.lock(holder.lockName())::acquire);
            far.await(next, "the step of a waiter after its first attempt");
            Holding.releaseOwn(holder, "while a waiter is about to subscribe");
            next.letGo();
            trial.eventually(
                    trial.bounds().wakeUp(),
                    "a waiter for lock '" + holder.lockName() + "' is granted it, which was released between its first"
                            + " attempt and its next step",
                    waiter::isDone);
            waiter.get().release();
        }
    }

    /** What a waiter does after its first attempt: it asks to be told, or else attempts again. */
    private static Predicate<Command> nextStep(Trial trial) {
        if (trial.declares(Capability.PUSH_WAKEUP)) {
            return FarClient.kind(Command.Kind.WATCH);
        }
        var attempts = new AtomicInteger();
        return command -> command.is(Command.Kind.WATCH)
                || ((command.is(Command.Kind.LOOK) || command.is(Command.Kind.ACQUIRE))
                        && attempts.incrementAndGet() > 1);
    }

    @Rule("4.17")
    void r4_17_waiterSurvivesACutConnection(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        assertGranted(trial, far, "all connections of its client were reset", far.link()::reset);
        assertGranted(trial, far, "the network was down", () -> {
            far.link().cut();
            trial.pass(trial.bounds().slack());
            far.link().heal();
        });
        if (far.link().tellsCommandsApart()) {
            assertGrantedAfterLostAttempt(trial, far);
        }
        assertTimesOut(trial, far);
    }

    /** Something that befalls a waiter. */
    private interface Fault {
        void run() throws Exception;
    }

    private static void assertGranted(Trial trial, FarClient far, String words, Fault fault) throws Exception {
        far.awaitBack();
        Lease holder = trial.take(trial.client().lock(trial.name()));
        Actor<Lease> waiter = trial.start(far.lock(holder.lockName())::acquire);
        trial.awaitWaiting(holder.lockName(), 1, waiter);
        fault.run();
        assertGrantedNext(trial, holder, waiter, words);
    }

    /** The attempt that a release brings about fails, and the subscription stays. */
    private static void assertGrantedAfterLostAttempt(Trial trial, FarClient far) throws Exception {
        far.awaitBack();
        Lease holder = trial.take(trial.client().lock(trial.name()));
        Actor<Lease> waiter = trial.start(far.lock(holder.lockName())::acquire);
        trial.awaitWaiting(holder.lockName(), 1, waiter);
        Link.Held attempt = far.link().hold(FarClient.kind(Command.Kind.ACQUIRE));
        Actor<Boolean> cutter = trial.start(() -> {
            far.await(attempt, "an acquire");
            attempt.drop();
            return true;
        });
        assertGrantedNext(trial, holder, waiter, "the connection of its attempt was cut");
        cutter.get();
    }

    private static void assertGrantedNext(Trial trial, Lease holder, Actor<Lease> waiter, String after)
            throws Exception {
        long released = trial.now();
        Holding.releaseOwn(holder, "for which another client waits");
        Duration bound = fallback(trial);
        trial.eventually(
                bound,
                "a waiter for lock '" + holder.lockName() + "' is granted it after " + after
                        + ", and its holder released it",
                waiter::isDone);
        Lease next = waiter.get();
        trial.measure("grant of a waiter after " + after, bound, waiter.endedAt() - released);
        next.release();
    }

    private static void assertTimesOut(Trial trial, FarClient far) throws Exception {
        far.awaitBack();
        DistributedLock lock = far.lock(trial.name());
        Lease holder = trial.take(trial.client().lock(lock.name()));
        // long enough for clients that connect again at leisure: a wait that ends before may say that the store is away
        Duration wait =
                trial.bounds().wakeUp().plus(FarClient.callTimeout(trial).multipliedBy(2));
        long start = trial.now();
        Actor<Optional<Lease>> waiter = trial.start(() -> lock.tryAcquire(wait));
        trial.awaitWaiting(lock.name(), 1, waiter);
        far.link().reset();
        Optional<Lease> none = waiter.get();
        if (none.isPresent()) {
            throw new AssertionError("lock '" + lock.name() + "' was granted to a waiter whose connections were reset,"
                    + " while another client held it");
        }
        trial.assertNotBefore(wait, start, "a wait of " + wait.toMillis() + " ms during which connections were reset");
        trial.assertWithin(
                wait.plus(FarClient.callTimeout(trial)).plus(trial.bounds().slack()),
                start,
                "a wait of " + wait.toMillis() + " ms during which connections were reset");
        Holding.assertKept(trial, holder, trial.client().lock(lock.name()), "after a waiter had left");
        holder.release();
    }

    @Rule("4.18")
    void r4_18_waiterWhoseSessionExpiresDoesNotHang(Trial trial) throws Exception {
        var far = FarClient.over(trial);
        Lease holder = trial.take(trial.client().lock(trial.name()));
        Lease ofSession = trial.take(far.lock(trial.name(), Holding.steady(trial)));
        Actor<Optional<Lease>> waiter = trial.start(() -> FarClient.answer(far.lock(holder.lockName())::acquire));
        trial.awaitWaiting(holder.lockName(), 1, waiter);
        far.link().blackHole();
        Duration session = ofSession.remaining().plus(trial.bounds().crashRelease());
        trial.pass(session); // nothing that the store kept for the waiter is left
        far.link().heal();
        Holding.releaseOwn(holder, "for which another client waits");
        trial.eventually(
                fallback(trial).plus(trial.bounds().crashRelease()),
                "a waiter for lock '" + holder.lockName() + "' is granted it or fails, after the network was dead for "
                        + session.toMillis() + " ms",
                waiter::isDone);
        waiter.get().ifPresent(Lease::release);
        far.whenBack(() -> Holding.takeSoon(trial, far.lock(holder.lockName()), "its waiter was served"))
                .release();
    }

    /** {@return how long a waiter may take that nobody wakes any more} */
    private static Duration fallback(Trial trial) {
        return trial.bounds().recheck().plus(trial.bounds().wakeUp());
    }
}
