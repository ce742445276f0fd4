// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** §4: who waits is woken, and served. */
public class WaitingRules {
    private static final int HAND_OVERS = 10;
    private static final int PING_PONGS = 1000;
    private static final Duration PING_PONG_TIME = Duration.ofSeconds(6);
    private static final int CROWD = 16;
    private static final int CROWD_CLIENTS = 4;
    private static final int CROWD_ROUNDS = 20;

    @Rule("4.01")
    void r4_01_releaseReachesAQueuedWaiterInTime(Trial trial) throws Exception {
        LockClient holder = trial.client();
        LockClient other = trial.client();
        for (int i = 0; i < HAND_OVERS; i++) {
            handOver(trial, holder, other, "by another client");
            handOver(trial, holder, holder, "by its own client");
        }
    }

    private static void handOver(Trial trial, LockClient from, LockClient to, String by) throws Exception {
        String name = trial.name();
        Lease held = trial.take(from.lock(name));
        Actor<Lease> waiting = trial.start(to.lock(name)::acquire);
        trial.awaitWaiting(name, 1, waiting);
        long released = trial.now();
        held.release();
        Duration bound = trial.bounds().wakeUp();
        Lease next = Served.within(trial, bound, released, waiting, "after the release of '" + name + "' " + by);
        trial.measure("wake-up", bound, waiting.endedAt() - released);
        next.release();
    }

    /** Half of the hand-overs begin when the waiter stands in line, the others at any moment of its way there. */
    @Rule("4.03")
    void r4_03_noHandOverOfAThousandIsLost(Trial trial) throws Exception {
        String name = trial.name();
        var sides = List.of(trial.client().lock(name), trial.client().lock(name));
        Duration each = trial.bounds().recheck().plus(trial.bounds().slack());
        var played = new AtomicInteger();
        long[] sum = {0};
        Lease[] ball = {trial.take(sides.get(0))};
        Race.rounds(PING_PONGS, PING_PONG_TIME, () -> {
            Actor<Lease> waiting = trial.start(sides.get(played.incrementAndGet() % 2)::acquire);
            if (trial.random().nextBoolean()) {
                Served.awaitOne(trial, name, waiting);
            } else {
                Race.pause(trial.random());
            }
            long released = trial.now();
            ball[0].release();
            ball[0] = Served.within(trial, each, released, waiting, "after hand-over " + played + " of '" + name + "'");
            sum[0] += waiting.endedAt() - released;
        });
        ball[0].release();
        long most = trial.bounds().wakeUp().toNanos() * played.get();
        if (sum[0] > most) {
            throw new TimingError(played + " hand-overs of '" + name + "' took " + sum[0] / 1_000_000
                    + " ms; the bound is " + most / 1_000_000 + " ms");
        }
    }

    /** The holder's engine gives back what has run out; an outsider that came by theft has no engine that could. */
    @Rule("4.04")
    void r4_04_endOfALeaseReachesTheWaiter(Trial trial) throws Exception {
        LockClient holder = trial.client();
        LockClient waiter = trial.client();
        leaseRunsOut(trial, holder, waiter, "a lease that nobody released");
        if (trial.backend().store().isPresent()) {
            String name = trial.name();
            trial.take(holder.lock(name));
            Duration lease = trial.bounds().lease();
            long begun = trial.now();
            if (!trial.store().steal(name, lease)) {
                throw new AssertionError("the store does not know that lock '" + name + "' is held");
            }
            Actor<Lease> waiting = trial.start(waiter.lock(name)::acquire);
            servedAfterLease(trial, waiting, begun, lease, "the lease of an outsider");
        }
    }

    private static void leaseRunsOut(Trial trial, LockClient holder, LockClient waiter, String what) throws Exception {
        String name = trial.name();
        Lease held = trial.take(holder.lock(name, trial.shortLease()));
        long begun = trial.now();
        Actor<Lease> waiting = trial.start(() -> {
            Lease lease = waiter.lock(name).acquire();
            if (held.isHeld()) {
                throw new AssertionError("lock '" + name + "' was granted while its holder may still rely on it");
            }
            return lease;
        });
        servedAfterLease(trial, waiting, begun, trial.bounds().lease(), what);
    }

    private static void servedAfterLease(Trial trial, Actor<Lease> waiting, long begun, Duration lease, String what)
            throws Exception {
        Duration bound = lease.plus(trial.bounds().crashRelease());
        Served.within(trial, bound, begun, waiting, "after the begin of " + what + " of " + lease.toMillis() + " ms")
                .release();
        trial.measure(
                "grant after the end of a lease",
                trial.bounds().crashRelease(),
                Math.max(0, waiting.endedAt() - begun - lease.toNanos()));
    }

    @Rule("4.07")
    void r4_07_timedOutWaiterLeavesNothingAndDelaysNobody(Trial trial) throws Exception {
        String name = trial.name();
        StoreInspector store = trial.store();
        Lease held = trial.take(trial.client().lock(name));
        DistributedLock leaver = trial.client().lock(name);
        DistributedLock stayer = trial.client().lock(name);
        int entries = store.entries(name);
        int subscriptions = store.subscriptions();
        Duration wait = trial.bounds().lease();

        for (int i = 0; i < 3; i++) {
            timesOut(trial, trial.start(() -> leaver.tryAcquire(wait.dividedBy(5))), name);
        }
        trial.eventually(
                trial.bounds().slack(),
                "a waiter for '" + name + "' that timed out has left nothing in the store",
                () -> store.entries(name) == entries && store.subscriptions() <= subscriptions);

        // one that stands before another when its time is over
        Actor<Optional<Lease>> leaving = trial.start(() -> leaver.tryAcquire(wait));
        Served.awaitOne(trial, name, leaving);
        Actor<Lease> staying = trial.start(stayer::acquire);
        timesOut(trial, leaving, name);
        trial.awaitWaiting(name, 1, staying);
        long released = trial.now();
        held.release();
        Served.within(
                        trial,
                        trial.bounds().wakeUp(),
                        released,
                        staying,
                        "after the release of '" + name + "', behind one that had timed out")
                .release();
        trial.take(leaver).release();
    }

    private static void timesOut(Trial trial, Actor<Optional<Lease>> waiting, String name) throws Exception {
        Duration bound = trial.bounds().lease().plus(trial.bounds().wakeUp());
        try {
            waiting.get(bound).ifPresent(lease -> {
                throw new AssertionError("lock '" + name + "' was granted while another held it");
            });
        } catch (TimingError late) {
            throw new TimingError("a timed wait for '" + name + "' has not ended within " + bound.toMillis()
                    + " ms, although its time was no more than "
                    + trial.bounds().lease().toMillis() + " ms");
        }
    }

    /** By time and by interrupt; that a killed process strands nobody is 13.16, which has processes to kill. */
    @Rule("4.13")
    void r4_13_waiterThatLeavesNeitherStrandsNorPromotesTheNext(Trial trial) throws Exception {
        Duration wait = trial.bounds().lease();
        middleLeaves(trial, "timed out", lock -> lock.tryAcquire(wait), actor -> {});
        middleLeaves(
                trial, "was interrupted", lock -> lock.tryAcquire(trial.bounds().generous()), Actor::interrupt);
    }

    private interface Leaving {
        Optional<Lease> wait(DistributedLock lock) throws InterruptedException;
    }

    private static void middleLeaves(Trial trial, String how, Leaving leaving, Consumer<Actor<?>> end)
            throws Exception {
        String name = trial.name();
        LockClient holder = trial.client();
        Lease held = trial.take(holder.lock(name));
        var free = new AtomicBoolean();
        Actor<?> first = waiter(trial, trial.client().lock(name), free);
        trial.awaitWaiting(name, 1, first);
        DistributedLock middle = trial.client().lock(name);
        Actor<Boolean> left = trial.start(() -> {
            try {
                return leaving.wait(middle).isEmpty();
            } catch (InterruptedException asked) {
                return true;
            }
        });
        Served.awaitOne(trial, name, left);
        Actor<?> last = waiter(trial, trial.client().lock(name), free);
        trial.awaitWaiting(name, 2, first, last);
        end.accept(left);
        leaves(trial, left, name, how);
        stillWait(trial, name, how, first, last);
        trial.assertHeld(held, "after a waiter for it " + how);
        trial.assertRefused(holder.lock(name), "its holder has not released it");
        free.set(true);
        held.release();
        Served.all(trial, List.of(first, last), "for '" + name + "', for which another " + how + " before,");
    }

    private static void stillWait(Trial trial, String name, String how, Actor<?> first, Actor<?> last)
            throws Exception {
        try {
            trial.awaitWaiting(name, 2, first, last);
        } catch (TimingError late) {
            throw late;
        } catch (AssertionError ended) {
            throw new AssertionError("a waiter for '" + name + "' was let in when another waiter " + how, ended);
        }
    }

    private static void leaves(Trial trial, Actor<Boolean> left, String name, String how) throws Exception {
        try {
            if (!left.get(trial.bounds().lease().plus(trial.bounds().wakeUp()))) {
                throw new AssertionError("lock '" + name + "' was granted to a waiter while another held it");
            }
        } catch (TimingError late) {
            throw new TimingError("a waiter for '" + name + "' " + how + " and goes on waiting");
        }
    }

    private static Actor<?> waiter(Trial trial, DistributedLock lock, AtomicBoolean free) {
        return trial.start(() -> {
            Lease lease = lock.acquire();
            if (!free.get()) {
                throw new AssertionError("lock '" + lock.name() + "' was granted while another held it");
            }
            return lease.release();
        });
    }

    @Rule("4.14")
    void r4_14_everyWaiterOfACrowdIsServed(Trial trial) throws Exception {
        var clients = new ArrayList<LockClient>();
        for (int i = 0; i < CROWD_CLIENTS; i++) {
            clients.add(trial.client());
        }
        String name = trial.name();
        LockClient holder = trial.client();
        for (int round = 1; round <= CROWD_ROUNDS; round++) {
            Lease held = trial.take(holder.lock(name));
            var crowd = new ArrayList<Actor<?>>();
            for (int i = 0; i < CROWD; i++) {
                DistributedLock lock = clients.get(i % CROWD_CLIENTS).lock(name);
                crowd.add(trial.start(() -> lock.acquire().release()));
            }
            Race.pause(trial.random()); // some stand in line, some are on their way
            held.release();
            Served.all(trial, crowd, "of round " + round + " for '" + name + "'");
        }
    }
}
