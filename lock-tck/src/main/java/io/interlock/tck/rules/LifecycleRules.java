// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockClient;
import io.interlock.LockListener;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;

/** §10: the life of a client, and of a grant at its client's end. */
public class LifecycleRules {
    private static final int ROUNDS = 10;
    private static final Duration A_MOMENT = Duration.ofMillis(20);
    private static final int CLOSERS = 4;

    @Rule("10.01")
    void r10_01_closeGivesUpWhatIsHeld(Trial trial) throws Exception {
        LockClient closing = trial.client();
        LockClient other = trial.client();
        String awaited = trial.name();
        String free = trial.name();
        List<Lease> held = List.of(trial.take(closing.lock(awaited)), trial.take(closing.lock(free)));
        Actor<Lease> waiter =
                trial.start(() -> other.lock(awaited).acquire(trial.bounds().generous()));
        trial.awaitWaiting(awaited, 1, waiter);
        closing.close();
        trial.eventually(
                trial.bounds().wakeUp(),
                "a waiter is granted after the client of the holder was closed",
                waiter::isDone);
        waiter.get().release();
        takeBy(trial, other, free, "its holder's client was closed").release();
        held.forEach(lease -> Expect.that(!lease.isHeld(), "a lease of the closed client says that it is held"));
    }

    @Rule("10.02")
    void r10_02_closeTwiceAndByManyThreads(Trial trial) throws Exception {
        LockClient other = trial.client();
        for (int round = 0; round < ROUNDS; round++) {
            LockClient client = trial.client();
            String name = trial.name();
            Lease held = trial.take(client.lock(name));
            closeByMany(trial, client);
            Lease next = takeBy(trial, other, name, "its holder's client was closed");
            Expect.done("another close() of a client", () -> close(client));
            Expect.that(
                    next.isHeld() && next.release() == ReleaseOutcome.RELEASED,
                    "another close() of a client took the lock '" + name + "' from its next owner");
            Expect.that(!held.isHeld(), "a lease of the closed client says that it is held");
        }
    }

    private static void closeByMany(Trial trial, LockClient client) throws Exception {
        var together = new CyclicBarrier(CLOSERS);
        List<Actor<Optional<Throwable>>> closers = IntStream.range(0, CLOSERS)
                .mapToObj(i -> trial.start(() -> {
                    together.await();
                    return failure(client::close);
                }))
                .toList();
        for (Actor<Optional<Throwable>> closer : closers) {
            closer.get().ifPresent(thrown -> {
                throw new AssertionError(
                        "close() by " + CLOSERS + " threads at once failed with " + Expect.words(thrown), thrown);
            });
        }
    }

    private static Optional<Throwable> failure(Runnable call) {
        try {
            call.run();
            return Optional.empty();
        } catch (RuntimeException thrown) {
            return Optional.of(thrown);
        }
    }

    @Rule("10.04")
    void r10_04_useAfterCloseIsRefused(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        DistributedLock lock = client.lock(name);
        Lease lease = trial.take(client.lock(trial.name()));
        client.close();
        Calls.assertSendsNothing(trial, "calls of a closed client must send nothing", () -> {
            refused("lock(name)", () -> client.lock(name));
            refused("lock(name, options)", () -> client.lock(name, trial.shortLease()));
            refused("holder(name)", () -> client.holder(name));
            refused("forceRelease(name, token)", () -> client.forceRelease(name, 1));
            refused("addListener(listener)", () -> client.addListener(new LockListener() {}));
            refused("tryAcquire()", lock::tryAcquire);
            refused("tryAcquire(0)", () -> lock.tryAcquire(Duration.ZERO));
            refused("tryAcquire(1 s)", () -> lock.tryAcquire(Duration.ofSeconds(1)));
            refused("acquire()", lock::acquire);
            refused("acquire(1 s)", () -> lock.acquire(Duration.ofSeconds(1)));
            refused("acquireAsync()", () -> Expect.outcome(lock.acquireAsync()));
            refused("acquireAsync(1 s)", () -> Expect.outcome(lock.acquireAsync(Duration.ofSeconds(1))));
            refused("call(body)", () -> lock.call(held -> held.lockName()));
            refused("asLock().tryLock()", () -> lock.asLock().tryLock());
            Expect.that(
                    lease.release() == ReleaseOutcome.NOT_HELD, "a lease of a closed client was released once more");
            trial.pass(A_MOMENT); // for what goes on in the background
        });
    }

    private static void refused(String call, Expect.Call body) {
        Expect.refused(IllegalStateException.class, call + " of a closed client", body);
    }

    @Rule("10.06")
    void r10_06_closingALeaseTwiceIsOnce(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient other = trial.client();
        String name = trial.name();
        Lease lease = trial.take(client.lock(name));
        lease.close();
        Expect.that(lease.release() == ReleaseOutcome.RELEASED, "release() after close() of a lease answers otherwise");
        Lease next = trial.take(other.lock(name));
        Expect.done("a second close() of a lease", () -> close(lease));
        Expect.that(
                next.isHeld() && next.release() == ReleaseOutcome.RELEASED,
                "a second close() of a lease took the lock '" + name + "' from its next owner");
        Lease lost = trial.take(client.lock(name, trial.shortLease()));
        trial.eventually(
                trial.bounds().generous(), "an unrenewed lease is over", () -> lost.state() == LeaseState.LOST);
        Expect.done("close() of a lost lease", () -> close(lost));
        Expect.done("a second close() of a lost lease", () -> close(lost));
    }

    private static boolean close(AutoCloseable resource) throws Exception {
        resource.close();
        return true;
    }

    @Rule("10.09")
    void r10_09_leasesOfAClosedClientAreNotHeld(Trial trial) throws Exception {
        LockClient client = trial.client();
        Lease lease = trial.take(client.lock(trial.name()));
        var told = new CopyOnWriteArrayList<LeaseStateChange>();
        lease.onStateChange(told::add);
        client.close();
        Expect.that(!lease.isHeld(), "a lease says that it is held although its client is closed");
        Expect.that(lease.state() == LeaseState.LOST, "a lease of a closed client is " + lease.state() + ", not LOST");
        Expect.that(lease.remaining().isZero(), "a lease of a closed client has validity left: " + lease.remaining());
        Expect.refused(LeaseLostException.class, "ensureHeld() on a lease of a closed client", () -> {
            lease.ensureHeld();
            return null;
        });
        if (trial.declares(Capability.EXTEND)) {
            Expect.that(
                    !lease.renew(Duration.ofSeconds(30)),
                    "renew() of a lease of a closed client says that it was renewed");
        }
        trial.eventually(
                trial.bounds().lossDetection(), "the lease is told of its client's close", () -> !told.isEmpty());
        Expect.that(
                told.size() == 1 && told.get(0).reason().equals(Optional.of(LossReason.CLOSED)),
                "a lease was to be told once, and CLOSED, of its client's close; it was told " + told);
    }

    @Rule("10.13")
    void r10_13_closeDuringAnAcquireLeavesNoOrphan(Trial trial) throws Exception {
        LockClient other = trial.client();
        closeDuringWaits(trial, other);
        for (int round = 0; round < 5 * ROUNDS; round++) {
            LockClient client = trial.client();
            String name = trial.name();
            DistributedLock lock = client.lock(name);
            Actor<Integer> busy = trial.start(() -> acquireUntilClosed(lock));
            for (int i = trial.random().nextInt(200); i > 0; i--) {
                Thread.onSpinWait();
            }
            client.close();
            takeBy(trial, other, name, "a client was closed during its acquire").release();
            busy.get();
        }
    }

    private static void closeDuringWaits(Trial trial, LockClient other) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Lease held = trial.take(other.lock(name));
        Actor<?> blocking = trial.start(() -> client.lock(name).acquire());
        trial.awaitWaiting(name, 1, blocking);
        var async = client.lock(name).acquireAsync();
        client.close();
        Expect.that(
                blocking.failure() instanceof IllegalStateException,
                "a wait that close() ended failed with " + Expect.words(blocking.failure()));
        refused("a waiting acquireAsync()", () -> Expect.outcome(async));
        held.release();
        takeBy(trial, trial.client(), name, "the client of its only waiters was closed")
                .release();
    }

    /** How often it was granted until the client was closed. */
    private static int acquireUntilClosed(DistributedLock lock) {
        int grants = 0;
        try {
            while (true) {
                grants += lock.tryAcquire().isPresent() ? 1 : 0;
            }
        } catch (IllegalStateException closed) {
            return grants;
        }
    }

    /** A lock that must be free, or become so within W. */
    static Lease takeBy(Trial trial, LockClient client, String name, String why) throws InterruptedException {
        return client.lock(name)
                .tryAcquire(trial.bounds().wakeUp())
                .orElseThrow(() -> new TimingError("lock '" + name + "' is not free "
                        + trial.bounds().wakeUp().toMillis() + " ms after " + why));
    }
}
