// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** §4: interruption of those who wait, and of those who release. */
public class InterruptionRules {
    private static final int RACES = 1000;
    private static final Duration RACE_TIME = Duration.ofSeconds(10);
    private static final int CALLS_BEFORE = 20;

    @Rule("4.08")
    void r4_08_interruptEndsAWaitAtOnceAndLeavesNothing(Trial trial) throws Exception {
        LockClient holder = trial.client();
        LockClient waiter = trial.client();
        for (WaitingCall call : WaitingCall.interruptible(trial.bounds().generous())) {
            interruptWhileWaiting(trial, holder, waiter, call);
        }
    }

    private static void interruptWhileWaiting(Trial trial, LockClient holder, LockClient waiter, WaitingCall call)
            throws Exception {
        String name = trial.name();
        StoreInspector store = trial.store();
        Lease held = trial.take(holder.lock(name));
        int entries = store.entries(name);
        int subscriptions = store.subscriptions();
        DistributedLock lock = waiter.lock(name);
        Actor<?> waiting = trial.start(() -> {
            call.body().run(lock);
            return "";
        });
        trial.awaitWaiting(name, 1, waiting);
        long interrupted = trial.now();
        waiting.interrupt();
        requireInterruption(
                waiting, trial.bounds().slack(), call + " for '" + name + "' was interrupted while it waited");
        trial.measure("end of an interrupted wait", trial.bounds().slack(), waiting.endedAt() - interrupted);
        trial.eventually(
                trial.bounds().slack(),
                "an interrupted " + call + " for '" + name + "' has left nothing in the store",
                () -> store.entries(name) == entries && store.subscriptions() <= subscriptions);
        held.release();
        trial.take(waiter.lock(name)).release();
    }

    private static void requireInterruption(Actor<?> waiting, Duration bound, String what) throws Exception {
        Throwable thrown = Served.failure(bound, waiting, what);
        if (!(thrown instanceof InterruptedException)) {
            throw new AssertionError(what + ", and told something else: " + WaitingCall.told(thrown), thrown);
        }
        if (waiting.interruptedAfter()) {
            throw new AssertionError(what + ", told so, and left the thread's interrupt flag up");
        }
    }

    /** A client that does other things in the background may send commands meanwhile, but not one for each call. */
    @Rule("4.09")
    void r4_09_interruptBeforeTheCallKeepsItFromTheStore(Trial trial) throws Exception {
        LockClient client = trial.client();
        DistributedLock free = client.lock(trial.name());
        DistributedLock held = client.lock(trial.name());
        trial.take(trial.client().lock(held.name()));
        Optional<StoreInspector> store = trial.backend().store();
        for (WaitingCall call : WaitingCall.interruptible(trial.bounds().generous())) {
            for (DistributedLock lock : new DistributedLock[] {free, held}) {
                long before = store.map(StoreInspector::commandCount).orElse(0L);
                for (int i = 0; i < CALLS_BEFORE; i++) {
                    interruptBefore(trial, call, lock);
                }
                long sent = store.map(StoreInspector::commandCount).orElse(0L) - before;
                if (sent >= CALLS_BEFORE) {
                    throw new AssertionError(CALLS_BEFORE + " calls of " + call + " by an interrupted thread sent "
                            + sent + " commands to the store");
                }
            }
        }
        trial.take(free).release();
    }

    private static void interruptBefore(Trial trial, WaitingCall call, DistributedLock lock) throws Exception {
        Actor<?> caller = trial.start(() -> {
            Thread.currentThread().interrupt();
            call.body().run(lock);
            return "";
        });
        requireInterruption(caller, trial.bounds().wakeUp(), call + " was called by an interrupted thread");
    }

    @Rule("4.10")
    void r4_10_interruptThatRacesTheGrantStrandsNothing(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock holder = trial.client().lock(name);
        DistributedLock waiter = trial.client().lock(name);
        Race.rounds(RACES, RACE_TIME, () -> {
            Lease held = Served.free(
                    trial, holder, trial.bounds().wakeUp(), "after an interrupt that raced the grant to a waiter");
            Actor<Optional<Lease>> waiting = trial.start(() -> {
                try {
                    return Optional.of(waiter.acquire());
                } catch (InterruptedException asked) {
                    return Optional.empty();
                }
            });
            Race.run(trial, held::release, waiting::interrupt);
            waiting.get().ifPresent(Lease::release);
        });
        Served.free(trial, holder, trial.bounds().wakeUp(), "after the last interrupt")
                .release();
    }

    @Rule("4.11")
    void r4_11_uninterruptibleLockWaitsOnAndKeepsTheFlag(Trial trial) throws Exception {
        String name = trial.name();
        Lease held = trial.take(trial.client().lock(name));
        DistributedLock lock = trial.client().lock(name);
        Actor<Integer> waiting = trial.start(() -> {
            Thread.currentThread().interrupt(); // also before the call
            lock.asLock().lock();
            int holds = lock.asLock().getHoldCount();
            lock.asLock().unlock();
            return holds;
        });
        for (int i = 0; i < 3; i++) {
            stillWaits(trial, name, waiting);
            waiting.interrupt();
        }
        stillWaits(trial, name, waiting);
        trial.assertHeld(held, "while another waits for it");
        held.release();
        Served.all(trial, List.of(waiting), "for '" + name + "' in an uninterruptible lock()");
        if (waiting.get() != 1) {
            throw new AssertionError("lock() of '" + name + "' was interrupted, and returned without the lock");
        }
        if (!waiting.interruptedAfter()) {
            throw new AssertionError("lock() of '" + name + "' was interrupted while it waited, and swallowed that: the"
                    + " thread's interrupt flag is down");
        }
    }

    private static void stillWaits(Trial trial, String name, Actor<?> waiting) throws Exception {
        try {
            trial.awaitWaiting(name, 1, waiting);
        } catch (TimingError late) {
            throw late;
        } catch (AssertionError ended) {
            throw new AssertionError("lock() of '" + name + "' was interrupted, and did not wait on", ended);
        }
    }

    @Rule("4.12")
    void r4_12_interruptedThreadReallyReleases(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient other = trial.client();
        releasesInterrupted(trial, other, client.lock(trial.name()), "release()", lock -> {
            Lease lease = trial.take(lock);
            Thread.currentThread().interrupt();
            ReleaseOutcome outcome = lease.release();
            if (outcome != ReleaseOutcome.RELEASED) {
                throw new AssertionError("release() by an interrupted thread says " + outcome);
            }
        });
        releasesInterrupted(trial, other, client.lock(trial.name()), "close()", lock -> {
            try (Lease lease = trial.take(lock)) {
                trial.assertHeld(lease, "right after the grant");
                Thread.currentThread().interrupt();
            }
        });
        releasesInterrupted(trial, other, client.lock(trial.name()), "unlock()", lock -> {
            lock.asLock().lock();
            Thread.currentThread().interrupt();
            lock.asLock().unlock();
        });
        releasesInterrupted(
                trial,
                other,
                client.lock(trial.name()),
                "the end of call(body)",
                lock -> lock.call(lease -> {
                    Thread.currentThread().interrupt();
                    return "";
                }));
    }

    private static void releasesInterrupted(
            Trial trial, LockClient other, DistributedLock lock, String what, WaitingCall.Body body) throws Exception {
        Actor<?> releaser = trial.start(() -> {
            body.run(lock);
            return "";
        });
        releaser.get();
        if (!releaser.interruptedAfter()) {
            throw new AssertionError(what + " by an interrupted thread took the thread's interrupt flag down");
        }
        other.lock(lock.name()).tryAcquire().ifPresentOrElse(Lease::release, () -> {
            throw new AssertionError(what + " by an interrupted thread did not free lock '" + lock.name() + "'");
        });
    }
}
