// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** §1: what calls take and give back. */
public class CallRules {
    private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    private static final Duration NEGATIVE = Duration.ofNanos(-1);

    @Rule("1.09")
    void r1_09_grantTellsWhoseItIs(Trial trial) throws Exception {
        String name = trial.name() + " Straße/ß 🔒 ";
        LockOptions options = LockOptions.defaults().withLabel("who has it");
        var grants = new GrantsSeen(name, "who has it");
        for (LockClient client : List.of(trial.client(), trial.client())) {
            DistributedLock lock = client.lock(name, options);
            grants.assertName(lock.name(), "the lock");
            for (int i = 0; i < 3; i++) {
                Actor<GrantsSeen.Seen> actor = trial.start(() -> GrantsSeen.take(trial, client, lock));
                grants.add(actor.get());
            }
        }
    }

    @Rule("1.10")
    void r1_10_durationsAreChecked(Trial trial) throws Exception {
        DistributedLock lock = trial.lock();
        var illegal = IllegalArgumentException.class;
        for (Duration wait : List.of(NEGATIVE, Duration.ofSeconds(Long.MIN_VALUE))) {
            Calls.refusedUnsent(trial, illegal, "tryAcquire(" + wait + ")", () -> lock.tryAcquire(wait));
            Calls.refusedUnsent(trial, illegal, "acquire(" + wait + ")", () -> lock.acquire(wait));
            Calls.refusedUnsent(trial, illegal, "acquireAsync(" + wait + ")", () -> lock.acquireAsync(wait));
        }
        for (Duration lease : List.of(
                NEGATIVE,
                Duration.ZERO,
                LockOptions.MIN_LEASE.minusNanos(1),
                LockOptions.MAX_LEASE.plusNanos(1),
                ENDLESS)) {
            Calls.refused(
                    illegal, "a lease of " + lease, () -> LockOptions.defaults().withLease(lease));
            if (trial.declares(Capability.EXTEND)) {
                try (Lease held = trial.take(lock)) {
                    Calls.refusedUnsent(trial, illegal, "renew(" + lease + ")", () -> held.renew(lease));
                }
            }
        }
        longestAreSafe(trial, lock);
    }

    /** The other side of the bounds: what looks endless is neither refused nor overflows into a short time. */
    private static void longestAreSafe(Trial trial, DistributedLock lock) throws Exception {
        DistributedLock longest =
                trial.client().lock(lock.name(), LockOptions.defaults().withLease(LockOptions.MAX_LEASE));
        Calls.works("tryAcquire(" + ENDLESS + ")", () -> longest.tryAcquire(ENDLESS))
                .orElseThrow()
                .release();
        Calls.works("acquire(" + ENDLESS + ")", () -> lock.acquire(ENDLESS)).release();
        Calls.works(
                        "acquireAsync(" + ENDLESS + ")",
                        () -> lock.acquireAsync(ENDLESS)
                                .get(trial.bounds().generous().toNanos(), TimeUnit.NANOSECONDS))
                .release();
        for (TimeUnit unit : List.of(TimeUnit.NANOSECONDS, TimeUnit.DAYS)) {
            tryLock(lock, Long.MAX_VALUE, unit);
            tryLock(lock, Long.MIN_VALUE, unit); // does not wait, as java.util.concurrent has it
        }
        Lease held = trial.take(longest);
        Actor<Lease> waiter = trial.start(() -> lock.acquire(ENDLESS));
        trial.awaitWaiting(lock.name(), 1, waiter);
        held.release();
        waiter.get().release();
    }

    private static void tryLock(DistributedLock lock, long time, TimeUnit unit) {
        String call = "tryLock(" + time + ", " + unit + ")";
        boolean taken = Calls.works(call, () -> lock.asLock().tryLock(time, unit));
        if (!taken) {
            throw new AssertionError(call + " was refused the free lock '" + lock.name() + "'");
        }
        lock.asLock().unlock();
    }

    @Rule("1.11")
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // that is what is tested
    void r1_11_nullsAreRefused(Trial trial) throws Exception {
        LockClient client = trial.client();
        DistributedLock lock = client.lock(trial.name());
        var refused = NullPointerException.class;
        Calls.refusedUnsent(trial, refused, "lock(null)", () -> client.lock(null));
        Calls.refusedUnsent(trial, refused, "lock(null, options)", () -> client.lock(null, trial.shortLease()));
        Calls.refusedUnsent(trial, refused, "lock(name, null)", () -> client.lock(trial.name(), null));
        Calls.refusedUnsent(trial, refused, "holder(null)", () -> client.holder(null));
        Calls.refusedUnsent(trial, refused, "forceRelease(null, 1)", () -> client.forceRelease(null, 1));
        Calls.refusedUnsent(trial, refused, "addListener(null)", () -> client.addListener(null));
        Calls.refusedUnsent(trial, refused, "tryAcquire(null)", () -> lock.tryAcquire(null));
        Calls.refusedUnsent(trial, refused, "acquire(null)", () -> lock.acquire(null));
        Calls.refusedUnsent(trial, refused, "acquireAsync(null)", () -> lock.acquireAsync(null));
        Calls.refusedUnsent(trial, refused, "call(null)", () -> lock.call(null));
        Calls.refusedUnsent(
                trial, refused, "tryLock(1, null)", () -> lock.asLock().tryLock(1, null));
        Calls.refused(refused, "a lease of null", () -> LockOptions.defaults().withLease(null));
        Calls.refused(refused, "a label of null", () -> LockOptions.defaults().withLabel(null));
        try (Lease lease = trial.take(lock)) {
            Calls.refusedUnsent(trial, refused, "renew(null)", () -> lease.renew(null));
            Calls.refusedUnsent(trial, refused, "onStateChange(null)", () -> lease.onStateChange(null));
            trial.assertHeld(lease, "after calls with nulls");
        }
    }

    @Rule("1.12")
    void r1_12_callReleasesOnEveryWayOut(Trial trial) throws Exception {
        DistributedLock lock = trial.client().lock(trial.name(), trial.shortLease());
        DistributedLock other = trial.client().lock(lock.name());
        String result = Calls.works(
                "call(body)",
                () -> lock.<String, Exception>call(lease -> {
                    trial.assertRefused(other, "the body of call() runs under it");
                    return "done";
                }));
        if (!"done".equals(result)) {
            throw new AssertionError("call() gave back '" + result + "' instead of what the body did");
        }
        assertFree(other, "the body returned");
        for (Throwable thrown :
                List.of(new IOException("body"), new IllegalStateException("body"), new Error("body"))) {
            assertSame(thrown, CallBodies.failing(lock, lease -> {}, thrown));
            assertFree(other, "the body threw " + Calls.words(thrown));
        }
        lossIsReported(trial, lock, lease -> CallBodies.outlive(trial, lease));
        if (trial.backend().store().isPresent()) {
            lossIsReported(trial, lock, lease -> trial.store().delete(lock.name()));
        }
    }

    private static void lossIsReported(Trial trial, DistributedLock lock, CallBodies.Loss loss) throws Exception {
        Calls.refused(LeaseLostException.class, "call() whose lease was lost while its body ran", () -> {
            lock.<Boolean, Exception>call(lease -> {
                loss.happen(lease);
                return true;
            });
            return "it returned";
        });
        Takeover.afterExpiry(trial, lock).release();
        var body = new IOException("body");
        assertSame(body, CallBodies.failing(lock, loss, body));
        for (Throwable told : body.getSuppressed()) {
            if (told instanceof LeaseLostException) {
                Takeover.afterExpiry(trial, lock).release();
                return;
            }
        }
        throw new AssertionError(
                "the lease was lost while the body of call() ran, which then failed for a reason of its"
                        + " own; the loss is not told beside that");
    }

    private static void assertSame(Throwable expected, Throwable thrown) {
        if (thrown != expected) {
            throw new AssertionError(
                    "the body of call() failed as " + Calls.words(expected) + ", and the caller was told "
                            + Calls.words(thrown) + ": " + thrown.getMessage(),
                    thrown);
        }
    }

    private static void assertFree(DistributedLock lock, String after) {
        lock.tryAcquire()
                .orElseThrow(() ->
                        new AssertionError("lock '" + lock.name() + "' was not released by call() after " + after))
                .release();
    }
}
