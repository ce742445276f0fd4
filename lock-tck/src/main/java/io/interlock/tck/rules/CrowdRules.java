// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** §4: many that wait burden neither the store nor each other. */
public class CrowdRules {
    private static final int FEW = 4;
    private static final int MANY = 20;
    private static final int TOO_MANY = 48; // at least three times any default pool that a backend is likely to have
    private static final Duration QUIET = Duration.ofMillis(60);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration WATCHED = Duration.ofMillis(800);
    private static final int VIRTUAL = 1000;

    @Rule("4.15")
    void r4_15_releaseCostsTheSameHoweverManyWait(Trial trial) throws Exception {
        LockClient one = trial.client();
        long inOneClient = commandsOfARelease(trial, Collections.nCopies(MANY, one));
        long few = commandsOfARelease(trial, clients(trial, FEW));
        long many = commandsOfARelease(trial, clients(trial, MANY));
        requireConstant(few, inOneClient, MANY + " threads of one client");
        requireConstant(few, many, MANY + " clients");
    }

    private static void requireConstant(long few, long many, String whom) {
        if (many > 2 * few + 2) {
            throw new AssertionError("one release cost " + few + " commands while " + FEW + " clients waited, and "
                    + many + " while " + whom + " did");
        }
    }

    /** From the release until all is quiet again, the next holder being served. */
    private static long commandsOfARelease(Trial trial, List<LockClient> waiters) throws Exception {
        String name = trial.name();
        StoreInspector store = trial.store();
        Lease held = trial.take(trial.client().lock(name));
        var served = new ConcurrentLinkedQueue<Lease>();
        var crowd = new ArrayList<Actor<?>>();
        for (LockClient client : waiters) {
            crowd.add(trial.start(() -> served.add(client.lock(name).acquire())));
        }
        trial.awaitParked(crowd.toArray(Actor[]::new));
        quiet(trial, store);
        long before = store.commandCount();
        held.release();
        trial.eventually(trial.bounds().wakeUp(), "one of the waiters is granted", () -> !served.isEmpty());
        long commands = quiet(trial, store) - before;
        for (int i = 0; i < crowd.size(); i++) {
            trial.eventually(trial.bounds().wakeUp(), "the next waiter is granted", () -> !served.isEmpty());
            served.remove().release();
        }
        Served.all(trial, crowd, "for '" + name + "'");
        return commands;
    }

    /** The count once it stands still, or after a while where it never does. */
    private static long quiet(Trial trial, StoreInspector store) throws Exception {
        long count = store.commandCount();
        for (int i = 0; i < 5; i++) {
            trial.pass(QUIET);
            long next = store.commandCount();
            if (next == count) {
                break;
            }
            count = next;
        }
        return count;
    }

    private static List<LockClient> clients(Trial trial, int count) {
        var clients = new ArrayList<LockClient>();
        for (int i = 0; i < count; i++) {
            clients.add(trial.client());
        }
        return clients;
    }

    @Rule("4.16")
    void r4_16_waiterDoesNotPoll(Trial trial) throws Exception {
        String name = trial.name();
        StoreInspector store = trial.store();
        Lease held = trial.take(trial.client().lock(name));
        var waiting = new ArrayList<Actor<?>>();
        for (LockClient client : clients(trial, FEW)) {
            waiting.add(trial.start(() -> client.lock(name).acquire().release()));
        }
        trial.awaitWaiting(name, FEW, waiting.toArray(Actor[]::new));
        long start = trial.now();
        long before = store.commandCount();
        trial.pass(WATCHED);
        long sent = store.commandCount() - before;
        Duration watched = Duration.ofNanos(trial.now() - start);
        held.release();
        Served.all(trial, waiting, "for '" + name + "'");
        // a look each re-check, and one thing that happens to fall into the time, such as a ping
        long looks = watched.toNanos() / trial.backend().timing().recheck().toNanos() + 2;
        if (sent > FEW * looks) {
            throw new AssertionError(FEW + " clients that waited for '" + name + "' sent " + sent + " commands in "
                    + watched.toMillis() + " ms; woken by the store, they need no more than " + FEW * looks);
        }
    }

    @Rule("4.19")
    void r4_19_crowdOfWaitersNeverKeepsTheHolderFromRenewing(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient other = trial.client();
        var theirs = new ArrayList<Lease>();
        var crowd = new ArrayList<Actor<?>>();
        while (crowd.size() < 2 * TOO_MANY / 3) { // each name of its own may cost the client a connection
            Lease lease = trial.take(other.lock(trial.name()));
            theirs.add(lease);
            crowd.add(trial.start(() -> client.lock(lease.lockName()).acquire().release()));
        }
        trial.awaitParked(crowd.toArray(Actor[]::new));
        Lease held = trial.take(client.lock(trial.name(), Holding.steady(trial)));
        while (crowd.size() < TOO_MANY) {
            crowd.add(trial.start(() -> client.lock(held.lockName()).acquire().release()));
        }
        long start = trial.now();
        while (trial.now() - start < 3 * Holding.steadyLease(trial).toNanos()) {
            trial.assertHeld(held, "while " + TOO_MANY + " threads of its client wait, although it is to be renewed");
            trial.pass(LOOK);
        }
        long released = trial.now();
        held.release();
        trial.assertWithin(trial.bounds().slack(), released, "the release while " + TOO_MANY + " threads wait");
        theirs.forEach(Lease::release);
        Served.all(trial, crowd, "for many locks");
    }

    @Rule("4.20")
    void r4_20_waitForOneNameDelaysNoOther(Trial trial) throws Exception {
        LockClient client = trial.client();
        String busy = trial.name();
        Lease held = trial.take(trial.client().lock(busy));
        var crowd = new ArrayList<Actor<?>>();
        for (int i = 0; i < MANY; i++) {
            crowd.add(trial.start(() -> client.lock(busy).acquire().release()));
        }
        trial.awaitParked(crowd.toArray(Actor[]::new));
        othersGoOn(trial, client, "while " + MANY + " threads wait for another lock");
        held.release();
        Served.all(trial, crowd, "for '" + busy + "'");
        // a slow command needs a network that can hold up one without the rest; else the waits above are all there is
        if (trial.backend().network().isPresent()) {
            Link link = trial.newLink();
            if (link.tellsCommandsApart() && !link.callsShareConnections()) {
                whileACommandIsSlow(trial, link);
            }
        }
    }

    private static void whileACommandIsSlow(Trial trial, Link link) throws Exception {
        LockClient client = trial.client(ClientSpec.through(link));
        othersGoOn(trial, client, "before anything is slow"); // so that connections are open
        Link.Held slow = link.hold(command -> command.is(Command.Kind.ACQUIRE));
        Actor<?> stuck = trial.start(() -> client.lock(trial.name()).acquire().release());
        if (!slow.awaitHappened(trial.bounds().generous())) {
            throw new TimingError("no acquire passed the link although one was made");
        }
        othersGoOn(trial, client, "while the acquire of another lock does not reach the store");
        slow.letGo();
        stuck.get();
    }

    private static void othersGoOn(Trial trial, LockClient client, String when) throws Exception {
        DistributedLock lock = client.lock(trial.name());
        List<Actor<Lease>> ways = List.of(
                trial.start(() -> trial.take(lock)),
                trial.start(() -> client.lock(trial.name()).acquire()),
                trial.start(
                        () -> client.lock(trial.name()).acquire(trial.bounds().generous())));
        long start = trial.now();
        for (Actor<Lease> way : ways) {
            Served.within(trial, trial.bounds().slack(), start, way, when + ", for a lock that is free");
        }
        Actor<Lease> waiting = trial.start(lock::acquire);
        Served.awaitOne(trial, lock.name(), waiting);
        long released = trial.now();
        for (Actor<Lease> way : ways) {
            way.get().release();
        }
        Served.within(trial, trial.bounds().wakeUp(), released, waiting, "after a release " + when)
                .release();
    }

    /** Pinned carriers show as a virtual thread that can't begin. */
    @Rule("4.21")
    void r4_21_virtualThreadsWaitWithoutPinningTheirCarriers(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Lease held = trial.take(trial.client().lock(name));
        var entered = new CountDownLatch(VIRTUAL);
        var served = new CountDownLatch(VIRTUAL);
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < VIRTUAL; i++) {
            threads.add(VirtualThreads.start(() -> {
                entered.countDown();
                try (Lease lease = client.lock(name).acquire()) {
                    served.countDown();
                } catch (InterruptedException | RuntimeException | Error failed) {
                    failures.add(failed);
                }
            }));
        }
        await(trial, entered, VIRTUAL + " virtual threads", "have begun to wait");
        trial.eventually(
                trial.bounds().generous(),
                VIRTUAL + " virtual threads wait",
                () -> threads.stream().allMatch(CrowdRules::isParked));
        var probe = new CountDownLatch(1);
        VirtualThreads.start(probe::countDown);
        await(trial, probe, "another virtual thread", "runs while " + VIRTUAL + " wait: carriers are pinned");
        held.release();
        await(trial, served, VIRTUAL + " virtual threads", "were granted");
        if (!failures.isEmpty()) {
            throw new AssertionError(
                    failures.size() + " of " + VIRTUAL + " virtual threads failed while they waited", failures.peek());
        }
    }

    private static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING || state == Thread.State.TERMINATED;
    }

    private static void await(Trial trial, CountDownLatch latch, String who, String what) throws InterruptedException {
        Duration bound = trial.bounds().generous();
        if (!latch.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimingError("not within " + bound.toMillis() + " ms: " + who + " " + what + " ("
                    + latch.getCount() + " missing)");
        }
    }
}
