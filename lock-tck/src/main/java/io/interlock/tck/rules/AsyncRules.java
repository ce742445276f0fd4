// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockTimeoutException;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Link;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** §9: acquisition without a thread of the caller. */
public class AsyncRules {
    private static final int BLOCKED = 16;
    private static final int PENDING = 1000;
    private static final int PENDING_NAMES = 50;
    private static final int MOST_THREADS = 200; // far from 1000, and room for what else happens in this JVM

    /** What the call does while the store can't be reached needs a network to spoil, and is left out without one. */
    @Rule("9.01")
    void r9_01_callReturnsAtOnce(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Lease held = trial.take(trial.client().lock(name));
        Duration wait = trial.bounds().generous();
        var pending = new ArrayList<CompletableFuture<Lease>>();
        for (int i = 0; i < 3; i++) {
            pending.add(returnsAtOnce(trial, client.lock(name), wait, "of a lock that is held"));
        }
        held.release();
        for (CompletableFuture<Lease> future : pending) {
            Pending.get(trial, future, "a lock that was released").release();
        }
        if (trial.backend().network().isPresent()) {
            Link link = trial.newLink();
            LockClient far = trial.client(ClientSpec.through(link));
            link.blackHole();
            returnsAtOnce(trial, far.lock(trial.name()), wait, "while the store can't be reached")
                    .cancel(true);
            link.heal();
        }
    }

    /** The one without limit is cancelled again. */
    private static CompletableFuture<Lease> returnsAtOnce(Trial trial, DistributedLock lock, Duration wait, String when)
            throws Exception {
        Actor<CompletableFuture<Lease>> timed = trial.start(() -> lock.acquireAsync(wait));
        Actor<CompletableFuture<Lease>> unlimited = trial.start(() -> lock.acquireAsync());
        unlimitedOf(trial, unlimited, "acquireAsync() " + when).cancel(true);
        return unlimitedOf(trial, timed, "acquireAsync(time) " + when);
    }

    private static CompletableFuture<Lease> unlimitedOf(
            Trial trial, Actor<CompletableFuture<Lease>> caller, String what) throws Exception {
        try {
            return caller.get(trial.bounds().slack());
        } catch (TimingError blocked) {
            throw new TimingError(
                    what + " has not returned after " + trial.bounds().slack().toMillis() + " ms");
        }
    }

    @Rule("9.02")
    void r9_02_timeOutIsTold(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        trial.take(trial.client().lock(name));
        for (int millis : new int[] {0, 40, 150}) {
            Duration wait = Duration.ofMillis(millis);
            String what = "acquireAsync(" + millis + " ms) of the held lock '" + name + "'";
            long start = trial.now();
            CompletableFuture<Lease> future = client.lock(name).acquireAsync(wait);
            long[] ended = new long[1];
            CompletableFuture<Lease> seen = future.whenComplete((lease, failure) -> ended[0] = trial.now());
            Throwable failure = Pending.failureOf(trial, seen, what);
            if (!(failure instanceof LockTimeoutException)) {
                throw new AssertionError(
                        what + " told something else than its time-out: " + WaitingCall.told(failure), failure);
            }
            if (ended[0] - start < wait.toNanos()) {
                throw new AssertionError(what + " ended already after " + (ended[0] - start) / 1000 + " µs");
            }
            if (ended[0] - start > wait.plus(trial.bounds().slack()).toNanos()) {
                throw new TimingError(what + " ended only after " + (ended[0] - start) / 1_000_000 + " ms");
            }
        }
    }

    /** More dependants block than a pool is likely to have threads; what they block on is freed by the client itself. */
    @Rule("9.05")
    void r9_05_dependantsMayBlock(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient other = trial.client();
        DistributedLock door = client.lock(trial.name());
        Lease shut = trial.take(other.lock(door.name()));
        var inside = new CountDownLatch(BLOCKED);
        var dependants = new ArrayList<CompletableFuture<ReleaseOutcome>>();
        for (int i = 0; i < BLOCKED; i++) {
            Lease held = trial.take(other.lock(trial.name()));
            dependants.add(client.lock(held.lockName()).acquireAsync().thenApply(lease -> {
                inside.countDown();
                try (lease;
                        Lease through = door.acquire()) {
                    return through.release();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("a dependant was interrupted", e);
                }
            }));
            held.release(); // not before: what depends on a completed future runs in the thread that says so
        }
        Duration bound = trial.bounds().generous().dividedBy(4);
        if (!inside.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimingError(inside.getCount() + " of " + BLOCKED + " dependants have not begun within "
                    + bound.toMillis() + " ms, since others block");
        }
        DistributedLock another = client.lock(trial.name());
        Pending.get(trial, another.acquireAsync(), "a free lock, while " + BLOCKED + " dependants block")
                .release();
        shut.release();
        for (CompletableFuture<ReleaseOutcome> dependant : dependants) {
            try {
                dependant.get(trial.bounds().generous().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException stuck) {
                throw new TimingError("a dependant that waits for lock '" + door.name() + "' is never served");
            }
        }
    }

    @Rule("9.06")
    void r9_06_anyThreadMayRelease(Trial trial) throws Exception {
        DistributedLock lock = trial.lock();
        DistributedLock other = trial.client().lock(lock.name());
        for (int i = 0; i < 3; i++) {
            Lease lease = Pending.get(trial, lock.acquireAsync(), "a free lock");
            trial.assertRefused(other, "it was granted asynchronously");
            ReleaseOutcome outcome = trial.start(lease::release).get();
            if (outcome != ReleaseOutcome.RELEASED) {
                throw new AssertionError("an asynchronous grant was released by another thread, which says " + outcome);
            }
            trial.take(other).release();
        }
    }

    @Rule("9.08")
    @SuppressWarnings("NullAway") // null is what the caller must not give
    void r9_08_badArgumentsAreRefusedByTheCall(Trial trial) {
        DistributedLock lock = trial.lock();
        for (Duration wait : new Duration[] {Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE)}) {
            try {
                lock.acquireAsync(wait).cancel(true);
            } catch (IllegalArgumentException expected) {
                continue;
            }
            throw new AssertionError("acquireAsync(" + wait + ") was not refused by the call itself");
        }
        try {
            lock.acquireAsync(null).cancel(true);
        } catch (NullPointerException expected) {
            trial.take(lock).release();
            return;
        }
        throw new AssertionError("acquireAsync(null) was not refused by the call itself");
    }

    @Rule("9.09")
    void r9_09_thousandPendingNeedFewThreads(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient holder = trial.client();
        var held = new ArrayList<Lease>();
        for (int i = 0; i < PENDING_NAMES; i++) {
            held.add(trial.take(holder.lock(trial.name())));
        }
        int before = Thread.getAllStackTraces().size();
        var pending = new ArrayList<CompletableFuture<ReleaseOutcome>>();
        for (int i = 0; i < PENDING; i++) {
            String name = held.get(i % PENDING_NAMES).lockName();
            pending.add(client.lock(name)
                    .acquireAsync(trial.bounds().generous().multipliedBy(3))
                    .thenApply(Lease::release));
        }
        int more = Thread.getAllStackTraces().size() - before;
        if (more > MOST_THREADS) {
            throw new AssertionError(
                    PENDING + " pending acquisitions took " + more + " threads; the bound is " + MOST_THREADS);
        }
        held.forEach(Lease::release);
        for (CompletableFuture<ReleaseOutcome> each : pending) {
            try {
                each.get(trial.bounds().generous().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                throw new TimingError("not all of " + PENDING + " pending acquisitions were served");
            }
        }
    }
}
