// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** §1: acquire and release. */
public class AcquireAndReleaseRules {
    private static final int CYCLES = 10;
    private static final int ROUNDS = 200;
    private static final int LOCK_OBJECTS = 10_000;
    private static final int LOCKS_USED = 100;

    @Rule("1.01")
    void r1_01_freeNameIsGrantedAtTheFirstAttempt(Trial trial) throws Exception {
        LockClient client = trial.client();
        trial.take(client.lock(trial.name())).release();
        try (Lease lease = client.lock(trial.name())
                .tryAcquire(Duration.ZERO)
                .orElseThrow(() -> new AssertionError("a free lock was refused to tryAcquire(0)"))) {
            trial.assertHeld(lease, "right after the grant");
        }
    }

    @Rule("1.02")
    void r1_02_heldNameIsRefusedPromptlyAndWithoutQueueing(Trial trial) throws Exception {
        String name = trial.name();
        LockClient client = trial.client();
        DistributedLock other = trial.client().lock(name);
        try (Lease lease = trial.take(client.lock(name))) {
            int entries = Residue.of(trial, name);
            for (DistributedLock lock : List.of(other, client.lock(name))) {
                refusesPromptly(trial, "tryAcquire()", lock, lock::tryAcquire);
                refusesPromptly(trial, "tryAcquire(0)", lock, () -> lock.tryAcquire(Duration.ZERO));
            }
            Residue.assertUnchanged(trial, name, entries, "attempts that were refused without a wait");
            trial.assertHeld(lease, "after others were refused");
        }
        // who had queued would stand before this one
        trial.take(trial.client().lock(name)).release();
    }

    private static void refusesPromptly(
            Trial trial, String call, DistributedLock lock, Callable<Optional<Lease>> attempt) {
        long start = trial.now();
        Optional<Lease> lease = Calls.works(call + " on a lock that another holds", attempt);
        trial.assertWithin(trial.bounds().slack(), start, call + " on the held lock '" + lock.name() + "'");
        if (lease.isPresent()) {
            throw new AssertionError(call + " was granted lock '" + lock.name() + "' although another holds it");
        }
    }

    @Rule("1.03")
    void r1_03_releaseMakesItAcquirableAgain(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient another = trial.client();
        String name = trial.name();
        for (int i = 0; i < CYCLES; i++) {
            trial.take(client.lock(name)).release();
            trial.take(client.lock(name)).release();
            trial.take(another.lock(name)).close();
        }
        if (trial.declares(Capability.LEASE)) {
            againAfterExpiry(trial, client, client);
            againAfterExpiry(trial, client, another);
        }
        if (trial.backend().store().isPresent()) {
            againAfterLoss(trial, client, client);
            againAfterLoss(trial, client, another);
        }
    }

    private static void againAfterExpiry(Trial trial, LockClient first, LockClient next) throws Exception {
        String name = trial.name();
        Lease over = trial.take(first.lock(name, trial.shortLease()));
        Takeover.afterExpiry(trial, next.lock(name)).release();
        over.release();
        trial.take(next.lock(name)).release();
        trial.take(first.lock(name)).release();
    }

    private static void againAfterLoss(Trial trial, LockClient first, LockClient next) {
        String name = trial.name();
        Lease lost = trial.take(first.lock(name));
        trial.store().delete(name);
        Takeover.now(next.lock(name), "its entry was deleted in the store").release();
        lost.release();
        trial.take(next.lock(name)).release();
        trial.take(first.lock(name)).release();
    }

    @Rule("1.04")
    void r1_04_namesAreIndependent(Trial trial) throws Exception {
        String held = trial.name();
        LockClient client = trial.client();
        LockClient another = trial.client();
        Lease holding = trial.take(client.lock(held));
        assertOthersAreFree(trial, "held", client, another);
        Actor<Lease> near = trial.start(() -> client.lock(held).acquire());
        Actor<Lease> far = trial.start(() -> another.lock(held).acquire());
        trial.awaitWaiting(held, 1, near, far);
        assertOthersAreFree(trial, "waited for", client, another);
        near.interrupt();
        far.interrupt();
        near.failure();
        far.failure();
        holding.release();
    }

    private static void assertOthersAreFree(Trial trial, String state, LockClient... clients) throws Exception {
        for (LockClient client : clients) {
            DistributedLock free = client.lock(trial.name());
            long start = trial.now();
            Lease lease = free.tryAcquire()
                    .orElseThrow(() -> new AssertionError(
                            "lock '" + free.name() + "' is free, and was refused while another lock is " + state));
            lease.release();
            Optional<Lease> timed = free.tryAcquire(trial.bounds().generous());
            trial.assertWithin(
                    trial.bounds().slack().multipliedBy(2),
                    start,
                    "to take a free lock twice while another is " + state);
            timed.orElseThrow(() ->
                            new AssertionError("lock '" + free.name() + "' is free, and a wait for it ended in vain"))
                    .release();
        }
    }

    @Rule("1.05")
    void r1_05_twoObjectsOfOneNameAreTheSameLock(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        DistributedLock first = client.lock(name);
        DistributedLock second = client.lock(name);
        Lease lease = trial.take(first);
        trial.assertRefused(second, "the same client holds it through another object");
        var forgotten = new ArrayList<DistributedLock>();
        for (int i = 0; i < LOCK_OBJECTS; i++) {
            forgotten.add(client.lock(trial.name()));
        }
        for (DistributedLock lock : forgotten.subList(0, LOCKS_USED)) {
            trial.take(lock).release();
        }
        forgotten.clear();
        System.gc();
        DistributedLock third = client.lock(name);
        for (DistributedLock lock : List.of(first, second, third)) {
            trial.assertRefused(lock, "the same client holds it, and has used many other locks since");
        }
        lease.release();
        for (DistributedLock lock : List.of(third, second, first)) {
            trial.take(lock).release();
        }
    }

    @Rule("1.06")
    void r1_06_twoClientsExcludeEachOther(Trial trial) throws Exception {
        String name = trial.name();
        List<DistributedLock> locks =
                List.of(trial.client().lock(name), trial.client().lock(name));
        for (int i = 0; i < CYCLES; i++) {
            DistributedLock holder = locks.get(i % 2);
            DistributedLock other = locks.get(1 - i % 2);
            Way.of(i).hold(holder, trial.bounds().generous(), () -> {
                trial.assertRefused(other, "another client holds it");
                other.tryAcquire(Duration.ofMillis(5)).ifPresent(lease -> {
                    throw new AssertionError(
                            "a wait for lock '" + name + "' ended in a grant although another client holds it");
                });
            });
        }
    }

    @Rule("1.07")
    void r1_07_grantIsVisibleBeforeAcquireReturns(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock lock = trial.client().lock(name);
        DistributedLock other = trial.client().lock(name);
        for (int i = 0; i < ROUNDS; i++) {
            Way way = Way.of(i);
            int round = i + 1;
            way.hold(
                    lock,
                    trial.bounds().generous(),
                    () -> trial.assertRefused(
                            other, way + " of another client has just returned with it (round " + round + ")"));
        }
    }

    @Rule("1.08")
    void r1_08_releaseIsVisibleBeforeReleaseReturns(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock lock = trial.client().lock(name);
        DistributedLock other = trial.client().lock(name);
        for (int i = 0; i < ROUNDS; i++) {
            Way way = Way.of(i);
            int round = i + 1;
            way.hold(lock, trial.bounds().generous(), () -> {});
            other.tryAcquire()
                    .orElseThrow(() -> new AssertionError("lock '" + name + "' was refused in round " + round
                            + " although the release after " + way + " has returned and nobody waits"))
                    .release();
        }
    }
}
