// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Waiters that came one after another, and the order in which they were served. Confined to the rule's thread. */
final class WaitingLine {
    private static final Duration WORK = Duration.ofMillis(1);
    private static final int LOOKS = 5;

    private final Trial trial;
    private final String name;
    private final Lease holder;
    private final List<String> order = new ArrayList<>();
    private final List<Actor<Boolean>> waiters = new ArrayList<>();
    private final List<Actor<Boolean>> newcomers = new ArrayList<>();
    private final List<String> served = new CopyOnWriteArrayList<>(); // added to by holders only
    private int waiting;
    private volatile boolean closed;

    /** An empty queue behind a holder. */
    WaitingLine(Trial trial, DistributedLock lock) throws InterruptedException {
        this.trial = trial;
        name = lock.name();
        Duration bound = trial.bounds().generous();
        holder = lock.tryAcquire(bound)
                .orElseThrow(() -> new TimingError("lock '" + name + "' was not granted within " + bound.toMillis()
                        + " ms, though nobody holds it"));
    }

    /** {@return what they wait for} */
    String name() {
        return name;
    }

    /** Has one more wait, seen in the store before this returns. */
    void join(String who, DistributedLock lock) throws Exception {
        Actor<Boolean> waiter = trial.start(() -> serve(who, lock.acquire()));
        trial.awaitWaiting(name, ++waiting, waiter);
        order.add(who);
        waiters.add(waiter);
    }

    /** Has one more wait that will leave before it is served; its end is the caller's to see. */
    Actor<Boolean> joinInVain(DistributedLock lock) throws Exception {
        Actor<Boolean> waiter = trial.start(() -> serve("one who had left", lock.acquire()));
        trial.awaitWaiting(name, ++waiting, waiter);
        return waiter;
    }

    /** Has one more wait, but not long enough. */
    Actor<Boolean> joinFor(Duration wait, DistributedLock lock) throws Exception {
        Actor<Boolean> waiter = trial.start(() -> serveIfGranted("one who had timed out", lock.tryAcquire(wait)));
        trial.awaitWaiting(name, ++waiting, waiter);
        return waiter;
    }

    /** Has a thread try its luck again and again, without a wait or with a short one, until the others are served. */
    void newcomer(String who, DistributedLock lock, Duration wait) throws Exception {
        var looks = new AtomicInteger();
        newcomers.add(trial.start(() -> {
            while (!closed) {
                Optional<Lease> lease = wait.isZero() ? lock.tryAcquire() : lock.tryAcquire(wait);
                looks.incrementAndGet();
                serveIfGranted(who, lease);
                trial.pass(Duration.ofNanos(50_000));
            }
            return true;
        }));
        trial.eventually(
                trial.bounds().generous(), "newcomers are refused while it is held", () -> looks.get() >= LOOKS);
    }

    private boolean serveIfGranted(String who, Optional<Lease> lease) throws InterruptedException {
        return lease.isPresent() && serve(who, lease.get());
    }

    private boolean serve(String who, Lease granted) throws InterruptedException {
        try (granted) {
            served.add(who);
            trial.pass(WORK);
            return true;
        }
    }

    /** Releases, and demands that the first is served in time and all in their order. */
    void assertServedInOrder(Duration bound) throws Exception {
        long released = trial.now();
        holder.release();
        trial.eventually(bound, "the first in the queue for lock '" + name + "' is served", () -> !served.isEmpty());
        for (Actor<Boolean> waiter : waiters) {
            waiter.get();
        }
        trial.assertWithin(
                bound.multipliedBy(waiters.size()), released, "to serve the " + waiters.size() + " waiters in turn");
        closed = true;
        for (Actor<Boolean> newcomer : newcomers) {
            newcomer.get();
        }
        List<String> first = served.subList(0, order.size());
        if (!first.equals(order)) {
            throw new AssertionError("lock '" + name + "' was granted to " + first
                    + " in this order; they had queued as " + order + ", each seen before the next");
        }
    }
}
