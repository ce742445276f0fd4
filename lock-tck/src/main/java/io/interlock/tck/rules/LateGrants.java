// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits that end as the lock becomes free: whoever was not given a lease must not have the lock. */
final class LateGrants {
    private static final int ROUNDS = 50;
    private static final long LATEST = Duration.ofMillis(4).toNanos();

    private final Trial trial;
    private final LateGrant how;
    private final DistributedLock holder;
    private final DistributedLock waiter;
    private final DistributedLock next;

    LateGrants(Trial trial, LateGrant how) {
        this.trial = trial;
        this.how = how;
        String name = trial.name();
        holder = trial.client().lock(name);
        waiter = trial.client().lock(name);
        next = trial.client().lock(name);
    }

    /** The wait ends first, then the holder releases. */
    void leaveFirst() throws Exception {
        Lease lease = take(holder);
        Optional<Lease> late = waitFor(Duration.ofMillis(20)).get();
        late.ifPresent(l -> {
            throw new AssertionError("lock '" + l.lockName() + "' was granted although another holds it");
        });
        lease.release();
        mustBeFree("before its holder released it");
    }

    /** The wait ends just when the holder releases. */
    void race() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Lease lease = take(holder);
            long wait = trial.random().nextLong(LATEST);
            Actor<Optional<Lease>> waiting = waitFor(Duration.ofNanos(wait));
            trial.pass(Duration.ofNanos(Math.max(0, wait + trial.random().nextLong(-LATEST / 4, LATEST / 4))));
            lease.release();
            waiting.get().ifPresentOrElse(Lease::release, () -> {});
            mustBeFree("just as its holder released it (round " + (i + 1) + ")");
        }
    }

    private Actor<Optional<Lease>> waitFor(Duration wait) {
        return switch (how) {
            case DEADLINE -> trial.start(() -> waiter.tryAcquire(wait));
            case INTERRUPT -> interrupted(wait);
            case CANCEL -> trial.start(() -> cancelled(wait));
        };
    }

    private Actor<Optional<Lease>> interrupted(Duration wait) {
        Actor<Lease> waiting = trial.start(waiter::acquire);
        return trial.start(() -> {
            trial.pass(wait);
            waiting.interrupt();
            try {
                return Optional.of(waiting.get());
            } catch (InterruptedException expected) {
                return Optional.empty();
            }
        });
    }

    private Optional<Lease> cancelled(Duration wait) throws Exception {
        CompletableFuture<Lease> future = waiter.acquireAsync();
        trial.pass(wait);
        if (future.cancel(true)) {
            return Optional.empty();
        }
        try {
            return Optional.of(future.get(0, TimeUnit.NANOSECONDS));
        } catch (CancellationException expected) {
            return Optional.empty();
        }
    }

    /** Within the bound of a crashed holder: what is given back may be so in the background. */
    private void mustBeFree(String when) throws Exception {
        Duration bound = trial.bounds().crashRelease();
        Lease lease = next.tryAcquire(bound)
                .orElseThrow(() -> new TimingError("lock '" + next.name() + "' is still not free " + bound.toMillis()
                        + " ms after a wait for it " + how + " " + when + ": a late grant was kept"));
        lease.release();
    }

    private Lease take(DistributedLock lock) throws InterruptedException {
        Duration bound = trial.bounds().generous();
        return lock.tryAcquire(bound)
                .orElseThrow(() -> new TimingError("lock '" + lock.name() + "' was not granted within "
                        + bound.toMillis() + " ms, though nobody holds it"));
    }
}
