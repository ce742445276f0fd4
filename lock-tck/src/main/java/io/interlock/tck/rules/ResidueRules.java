// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.StoreInspector.Foreign;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** §12 as well: what is left in the store. */
public class ResidueRules {
    private static final int CYCLES = 50;
    private static final int NAMES = 10;

    @Rule("12.01")
    void r12_01_nothingIsLeftAfterARelease(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        trial.take(client.lock(name)).release();
        isEmpty(trial, name, "a release");
        int counters = trial.store().counters(name);
        LockClient other = trial.client();
        for (int i = 0; i < CYCLES; i++) {
            trial.take((i % 2 == 0 ? client : other).lock(name)).release();
        }
        isEmpty(trial, name, CYCLES + " releases");
        int then = trial.store().counters(name);
        Expect.that(
                then <= counters,
                "the store keeps " + counters + " counters after the first use of a lock, and " + then + " after "
                        + CYCLES + " more");
    }

    private static void isEmpty(Trial trial, String name, String after) throws Exception {
        trial.eventually(
                trial.bounds().crashRelease(),
                "the store keeps nothing for '" + name + "' after " + after,
                () -> trial.store().entries(name) == 0);
    }

    @Rule("12.02")
    void r12_02_nothingIsLeftByThoseWhoGotNothing(Trial trial) throws Exception {
        LockClient client = trial.client();
        Lease held = trial.take(trial.client().lock(trial.name()));
        String name = held.lockName();
        int entries = trial.store().entries(name);
        var uses = new Uses(trial, client, name);
        leavesNothing(trial, name, entries, "a refused attempt", uses::refused);
        leavesNothing(trial, name, entries, "a wait that timed out", uses::timedOut);
        leavesNothing(trial, name, entries, "an interrupted wait", uses::interrupted);
        leavesNothing(trial, name, entries, "a cancelled wait", uses::cancelled);
        leavesNothing(trial, name, entries, "a refused argument", uses::badArgument);
        held.release();
        isEmpty(trial, name, "the release that no one waited for");
        trial.take(client.lock(name)).release();
    }

    private interface Use {
        void run() throws Exception;
    }

    private static void leavesNothing(Trial trial, String name, int entries, String what, Use use) throws Exception {
        for (int i = 0; i < 5; i++) {
            use.run();
        }
        trial.eventually(
                trial.bounds().crashRelease(),
                "the store keeps no more for '" + name + "' than its holder's " + entries + " after " + what,
                () -> trial.store().entries(name) <= entries);
    }

    @Rule("12.06")
    void r12_06_subscriptionsComeBack(Trial trial) throws Exception {
        int before = trial.store().subscriptions();
        LockClient client = trial.client();
        LockClient holder = trial.client();
        List<Lease> held = IntStream.range(0, NAMES)
                .mapToObj(i -> trial.take(holder.lock(trial.name())))
                .toList();
        for (boolean granted : new boolean[] {false, true}) {
            var waiters = new ArrayList<Actor<Lease>>();
            for (Lease lease : held) {
                waiters.add(trial.start(() -> client.lock(lease.lockName()).acquire()));
            }
            for (int i = 0; i < NAMES; i++) {
                trial.awaitWaiting(held.get(i).lockName(), 1, waiters.get(i));
            }
            if (granted) {
                held.forEach(Lease::release);
            } else {
                waiters.forEach(Actor::interrupt);
            }
            for (Actor<Lease> waiter : waiters) {
                ended(waiter, granted);
            }
            Expect.inTheEnd(
                    trial,
                    trial.bounds().recheck(),
                    "subscriptions are back to " + before + " after all waits have ended, "
                            + (granted ? "granted" : "interrupted"),
                    () -> trial.store().subscriptions() <= before);
        }
    }

    private static void ended(Actor<Lease> waiter, boolean granted) throws Exception {
        if (granted) {
            waiter.get().release();
        } else {
            Throwable failure = waiter.failure();
            Expect.that(
                    failure instanceof InterruptedException,
                    "an interrupted wait failed with " + Expect.words(failure));
        }
    }

    @Rule("12.08")
    void r12_08_whatHasExpiredIsPurged(Trial trial) throws Exception {
        LockClient client = trial.client();
        List<Lease> leases = IntStream.range(0, NAMES)
                .mapToObj(i -> trial.take(client.lock(trial.name(), trial.shortLease())))
                .toList();
        Duration bound = trial.bounds()
                .lease()
                .plus(trial.bounds().crashRelease())
                .plus(trial.bounds().recheck());
        for (Lease lease : leases) {
            Expect.inTheEnd(
                    trial,
                    bound,
                    "the store has purged what it kept for '" + lease.lockName() + "' after its lease was over",
                    () -> trial.store().entries(lease.lockName()) == 0);
            Expect.that(!lease.isHeld(), "a lease is held although the store has nothing of it");
        }
    }

    @Rule("12.12")
    void r12_12_whatIsNotOursIsUntouched(Trial trial) throws Exception {
        try (Foreign foreign = trial.store().foreign()) {
            LockClient client = trial.client();
            LockClient other = trial.client();
            isUntouched(foreign, "opening clients");
            Lease held = trial.take(client.lock(trial.name()));
            isUntouched(foreign, "an acquire");
            new Uses(trial, other, held.lockName()).each(1);
            isUntouched(foreign, "waits");
            forceReleased(trial, other, held);
            held.release();
            isUntouched(foreign, "a release");
            Lease lost = trial.take(client.lock(trial.name(), trial.shortLease()));
            trial.eventually(trial.bounds().generous(), "an unrenewed lease is over", () -> !lost.isHeld());
            trial.take(other.lock(trial.name()));
            other.close();
            client.close();
            isUntouched(foreign, "the end of a lease and of its client");
        }
    }

    private static void forceReleased(Trial trial, LockClient client, Lease held) {
        if (trial.declares(Capability.FORCE_RELEASE) && trial.declares(Capability.FENCING)) {
            client.forceRelease(held.lockName(), held.fencingToken());
        }
    }

    private static void isUntouched(Foreign foreign, String after) {
        Expect.that(foreign.isUntouched(), "what another program keeps in the store was touched by " + after);
    }
}
