// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockTimeoutException;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Link;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** §4: how waits end without a lease. */
public class WaitEndRules {
    private static final Duration CALL_TIMEOUT = Duration.ofMillis(500);
    private static final Duration HOLD = Duration.ofMillis(10); // so that the lock changes hands 100 times a second
    private static final int TRIES = 8;

    /**
     * A slow store and one that can't be reached need a network to spoil. Without one these parts are left out, not
     * refused: the rest of the rule is what every backend must keep, and no verdict claims more than 13.09 and 13.08 do.
     */
    @Rule("4.06")
    void r4_06_timedWaitEndsWithItsTime(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        trial.take(trial.client().lock(name));
        for (int millis : new int[] {0, 1, 40, 150}) {
            endsInTime(trial, client.lock(name), Duration.ofMillis(millis), Duration.ZERO, "of a lock that is held");
        }
        whileItChangesHands(trial, client);
        if (trial.backend().network().isPresent()) {
            withASlowStore(trial);
            withoutTheStore(trial);
        }
    }

    private static void endsInTime(Trial trial, DistributedLock lock, Duration wait, Duration more, String when)
            throws Exception {
        requireEnd(
                trial,
                lock,
                wait,
                more,
                "tryAcquire(time) " + when,
                l -> l.tryAcquire(wait).isEmpty());
        requireEnd(trial, lock, wait, more, "acquire(time) " + when, l -> {
            try {
                l.acquire(wait).release();
                return false;
            } catch (LockTimeoutException expected) {
                return true;
            }
        });
        requireEnd(
                trial,
                lock,
                wait,
                more,
                "tryLock(time) " + when,
                l -> !l.asLock().tryLock(wait.toNanos(), TimeUnit.NANOSECONDS));
    }

    private interface Wait {
        boolean isOver(DistributedLock lock) throws InterruptedException;
    }

    private static void requireEnd(
            Trial trial, DistributedLock lock, Duration wait, Duration more, String what, Wait body) throws Exception {
        Duration bound = wait.plus(trial.bounds().slack()).plus(more);
        String of = wait.toMillis() + " ms of " + what + " '" + lock.name() + "'";
        long[] start = new long[1];
        Actor<Boolean> waiting = trial.start(() -> {
            start[0] = trial.now();
            boolean over = body.isOver(lock);
            trial.assertNotBefore(wait, start[0], of);
            return over;
        });
        if (!ended(waiting, bound.plus(trial.bounds().slack()), of)) {
            throw new AssertionError(of + " ended with a lease though another held the lock");
        }
        requireWithin(waiting.endedAt() - start[0], bound, of);
    }

    private static <T> T ended(Actor<T> waiting, Duration bound, String of) throws Exception {
        try {
            return waiting.get(bound);
        } catch (TimingError late) {
            throw new TimingError(of + " have not ended after " + bound.toMillis() + " ms");
        }
    }

    private static void requireWithin(long took, Duration bound, String of) {
        if (took > bound.toNanos()) {
            throw new TimingError(
                    of + " ended after " + took / 1_000_000 + " ms; the bound is " + bound.toMillis() + " ms");
        }
    }

    /** A waiter may get the lock in its turn; what counts is that neither wake-ups nor refusals move its deadline. */
    private static void whileItChangesHands(Trial trial, LockClient client) throws Exception {
        String name = trial.name();
        var stop = new AtomicBoolean();
        var crowd = new ArrayList<Actor<?>>();
        var churning = trial.client();
        for (int i = 0; i < 2 * TRIES; i++) {
            DistributedLock lock = churning.lock(name);
            crowd.add(trial.start(() -> {
                while (!stop.get()) {
                    try (Lease lease = lock.acquire()) {
                        trial.pass(HOLD);
                    }
                }
                return "";
            }));
        }
        Duration wait = HOLD.multipliedBy(TRIES); // a turn in line takes twice as long
        for (int i = 0; i < TRIES; i++) {
            String of = wait.toMillis() + " ms of tryAcquire(time) of lock '" + name + "', which changes hands";
            long start = trial.now();
            Actor<Boolean> waiting = trial.start(() -> {
                Optional<Lease> lease = client.lock(name).tryAcquire(wait);
                lease.ifPresentOrElse(Lease::release, () -> trial.assertNotBefore(wait, start, of));
                return lease.isPresent();
            });
            Duration bound = wait.plus(trial.bounds().slack());
            ended(waiting, bound.plus(trial.bounds().slack()), of);
            requireWithin(waiting.endedAt() - start, bound, of);
        }
        stop.set(true);
        Served.all(trial, crowd, "for '" + name + "', which changed hands,");
    }

    private static void withASlowStore(Trial trial) throws Exception {
        Link link = trial.newLink();
        LockClient client = trial.client(ClientSpec.through(link).with("callTimeout", CALL_TIMEOUT.toMillis() + "ms"));
        String name = trial.name();
        trial.take(trial.client().lock(name));
        link.delay(Duration.ofMillis(20), Duration.ofMillis(40));
        endsInTime(trial, client.lock(name), Duration.ofMillis(200), CALL_TIMEOUT, "over a slow network");
    }

    /** One call under way may have to run into its timeout before the wait can end. */
    private static void withoutTheStore(Trial trial) throws Exception {
        Link link = trial.newLink();
        LockClient client = trial.client(ClientSpec.through(link).with("callTimeout", CALL_TIMEOUT.toMillis() + "ms"));
        String name = trial.name();
        Lease held = trial.take(trial.client().lock(name));
        Duration wait = CALL_TIMEOUT.multipliedBy(2);
        long start = trial.now();
        Actor<Boolean> waiting = trial.start(() -> {
            try {
                return client.lock(name).tryAcquire(wait).isEmpty();
            } catch (LockBackendException unreachable) {
                return true;
            } finally {
                trial.assertNotBefore(wait, start, "a timed wait during which the store vanished");
            }
        });
        Served.awaitOne(trial, name, waiting);
        link.blackHole();
        held.release(); // so that there is something to look for
        Duration bound = wait.plus(CALL_TIMEOUT).plus(trial.bounds().slack());
        String of = wait.toMillis() + " ms of tryAcquire(time) of '" + name + "' while the store vanished";
        if (!ended(waiting, bound.plus(trial.bounds().slack()), of)) {
            throw new AssertionError(of + " ended with a lease although nothing can have arrived");
        }
        requireWithin(waiting.endedAt() - start, bound, of);
        link.heal();
    }

    @Rule("4.22")
    void r4_22_closeEndsEveryWait(Trial trial) throws Exception {
        DistributedLock holder = trial.lock();
        Lease held = trial.take(holder);
        var calls = new ArrayList<>(WaitingCall.interruptible(trial.bounds().generous()));
        calls.add(new WaitingCall("lock()", lock -> {
            lock.asLock().lock();
            lock.asLock().unlock();
        }));
        try {
            for (WaitingCall call : calls) {
                closeWhile(trial, holder.name(), call);
            }
            closeWhilePending(trial, holder.name());
        } finally {
            held.release(); // whoever waits on all the same must come to an end
        }
    }

    private static void closeWhile(Trial trial, String name, WaitingCall call) throws Exception {
        LockClient client = trial.client();
        var waiting = new ArrayList<Actor<?>>();
        for (int i = 0; i < 2; i++) { // the second may stand behind the first, in a queue of the client's own
            DistributedLock lock = client.lock(name);
            waiting.add(trial.start(() -> {
                call.body().run(lock);
                return "";
            }));
        }
        trial.awaitWaiting(name, 1, waiting.toArray(Actor[]::new));
        long closed = trial.now();
        client.close();
        for (Actor<?> waiter : waiting) {
            requireClosed(trial, waiter, closed, call + " for '" + name + "'");
        }
    }

    private static void closeWhilePending(Trial trial, String name) throws Exception {
        LockClient client = trial.client();
        DistributedLock lock = client.lock(name);
        Actor<?> unlimited = trial.start(() -> unwrapped(lock.acquireAsync()));
        Actor<?> timed =
                trial.start(() -> unwrapped(lock.acquireAsync(trial.bounds().generous())));
        trial.awaitWaiting(name, 1, unlimited, timed);
        long closed = trial.now();
        client.close();
        requireClosed(trial, unlimited, closed, "acquireAsync() for '" + name + "'");
        requireClosed(trial, timed, closed, "acquireAsync(time) for '" + name + "'");
    }

    private static Lease unwrapped(CompletableFuture<Lease> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }

    private static void requireClosed(Trial trial, Actor<?> waiting, long closed, String what)
            throws InterruptedException {
        String of = what + " waited while its client was closed";
        Throwable thrown = Served.failure(trial.bounds().slack(), waiting, of);
        if (!(thrown instanceof IllegalStateException)) {
            throw new AssertionError(of + ", and told something else: " + WaitingCall.told(thrown), thrown);
        }
        requireWithin(waiting.endedAt() - closed, trial.bounds().slack(), of + ", and");
    }
}
