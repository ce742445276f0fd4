// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What rules ask of those who wait. */
final class Served {
    private static final int PATIENCE = 3;
    private static final Duration POLL = Duration.ofMillis(1);

    private Served() {}

    /**
     * The lease of a waiter that must be granted in time.
     *
     * @param bound counted from {@code since}, scaled already
     * @param when what should have led to the grant
     */
    static Lease within(Trial trial, Duration bound, long since, Actor<Lease> waiter, String when) throws Exception {
        Lease lease;
        try {
            lease = waiter.get(bound);
        } catch (TimingError late) {
            throw new TimingError("a waiter was not granted within " + bound.toMillis() + " ms " + when);
        }
        long took = waiter.endedAt() - since;
        if (took > bound.toNanos()) {
            throw new TimingError("a waiter was granted only " + took / 1_000_000 + " ms " + when + "; the bound is "
                    + bound.toMillis() + " ms");
        }
        return lease;
    }

    /** What a waiter ended with that must fail in time. */
    static Throwable failure(Duration bound, Actor<?> waiter, String what) throws InterruptedException {
        try {
            return waiter.failure(bound);
        } catch (TimingError late) {
            throw new TimingError(what + ", and went on waiting for more than " + bound.toMillis() + " ms");
        } catch (AssertionError ended) {
            throw new AssertionError(what + ", and ended as if nothing had happened", ended);
        }
    }

    /** Takes a lock that must become free in time. */
    static Lease free(Trial trial, DistributedLock lock, Duration bound, String when) throws Exception {
        var taken = new AtomicReference<@Nullable Lease>();
        trial.eventually(bound, "lock '" + lock.name() + "' is free " + when, () -> {
            taken.set(lock.tryAcquire().orElse(null));
            return taken.get() != null;
        });
        Lease lease = taken.get();
        if (lease == null) {
            throw new AssertionError("lock '" + lock.name() + "' was free and is not");
        }
        return lease;
    }

    /** Demands that waiters are served one after another: none may be the only one left out. */
    static void all(Trial trial, List<? extends Actor<?>> waiters, String of) throws Exception {
        Duration bound = trial.bounds().wakeUp().multipliedBy(PATIENCE);
        long progress = trial.now();
        long served = 0;
        while (served < waiters.size()) {
            long ended = waiters.stream().filter(Actor::isDone).count();
            if (ended > served) {
                served = ended;
                progress = trial.now();
            } else if (trial.now() - progress > bound.toNanos()) {
                throw new TimingError(served + " of " + waiters.size() + " waiters " + of
                        + " were served, and no other within " + bound.toMillis() + " ms");
            } else {
                trial.pass(POLL);
            }
        }
        for (Actor<?> waiter : waiters) {
            waiter.get();
        }
    }

    /** Waits until one waiter stands in the store, or in its park if waiters leave no trace: fast, for many rounds. */
    static void awaitOne(Trial trial, String name, Actor<?> waiter) throws Exception {
        OptionalInt known =
                trial.backend().store().map(store -> store.waiters(name)).orElse(OptionalInt.empty());
        if (known.isEmpty()) {
            trial.awaitParked(waiter);
            return;
        }
        StoreInspector store = trial.store();
        trial.eventually(
                trial.bounds().generous(),
                "a waiter for '" + name + "' in the store",
                () -> store.waiters(name).orElse(1) > 0);
    }
}
