// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;

/** What rules about leases and their loss have in common: to hold for a time, to lose, to be followed by another. */
final class Holding {
    private static final Duration LOOK = Duration.ofMillis(1);

    private Holding() {}

    /**
     * {@return a lease time beside which the slack is small, so that lateness can be told from a fault} The more attempts
     * have fallen into a stall, the longer: the next one is to outlast such a stall.
     */
    static Duration steadyLease(Trial trial) {
        Duration wanted = trial.bounds().slack().multipliedBy(3L * (1 + trial.stalls()));
        Duration least = trial.bounds().lease();
        return wanted.compareTo(least) < 0 ? least : wanted;
    }

    /** {@return leases of that time, renewed: for what must be held on a machine that is busy} */
    static LockOptions steady(Trial trial) {
        return LockOptions.defaults().withLease(steadyLease(trial));
    }

    /** {@return a part of a time} */
    static Duration times(Duration time, double factor) {
        return Duration.ofNanos((long) (time.toNanos() * factor));
    }

    /** Demands that a lease is held, and that another client is refused. */
    static void assertKept(Trial trial, Lease lease, DistributedLock other, String when) {
        Optional<Lease> second = other.tryAcquire();
        if (second.isPresent()) {
            boolean both = lease.isHeld();
            second.get().release();
            if (both) {
                throw new AssertionError("lock '" + other.name() + "' was granted to a second client " + when
                        + ", while the lease of the first one is held");
            }
        }
        assertHeld(lease, when);
        if (second.isPresent()) {
            throw new TimingError("lock '" + other.name() + "' was granted to a second client " + when);
        }
    }

    /** Demands that a lease is held, and tells why if it is not. */
    private static void assertHeld(Lease lease, String when) {
        if (!lease.isHeld()) {
            try {
                lease.ensureHeld();
            } catch (LeaseLostException lost) {
                throw new TimingError("lock '" + lease.lockName() + "' is not held any more " + when + ": "
                        + lease.state() + " because of " + lost.reason());
            }
        }
    }

    /** Demands that a lease is over, and never two are held: asks until another client is granted, without queueing. */
    static Lease follow(Trial trial, Lease former, DistributedLock other, Duration bound, String after)
            throws InterruptedException {
        long start = trial.now();
        while (true) {
            Optional<Lease> next = other.tryAcquire();
            if (next.isPresent()) {
                assertNotBoth(former, next.get());
                return next.get();
            }
            if (trial.now() - start > bound.toNanos()) {
                throw new TimingError("lock '" + other.name() + "' was not granted to another client within "
                        + bound.toMillis() + " ms after " + after);
            }
            trial.pass(LOOK);
        }
    }

    /** Demands that a former lease does not claim to be held when the next one has been granted. */
    static void assertNotBoth(Lease former, Lease next) {
        Duration claimed = former.remaining();
        if (former.isHeld()) {
            throw new AssertionError("lock '" + next.lockName() + "' was granted to another client while the lease of"
                    + " the first one claims to be held for another " + claimed.toMillis() + " ms");
        }
    }

    /** Takes a lock with a short lease that nobody renews, and lets that run out: a loss without any power. */
    static Lease lost(Trial trial, LockClient client, String name) throws Exception {
        Lease lease = trial.take(client.lock(name, trial.shortLease()));
        awaitLost(trial, lease);
        return lease;
    }

    /** Waits until a lease that runs out has become lost. */
    static void awaitLost(Trial trial, Lease lease) throws Exception {
        Duration bound = trial.bounds().lease().plus(trial.bounds().lossDetection());
        trial.eventually(
                bound, "the lease of lock '" + lease.lockName() + "' is lost", () -> lease.state() == LeaseState.LOST);
    }

    /** Waits for a lock that will be free soon, at most C. */
    static Lease takeSoon(Trial trial, DistributedLock lock, String after) throws InterruptedException {
        Duration bound = trial.bounds().crashRelease().plus(trial.bounds().wakeUp());
        return lock.tryAcquire(bound)
                .orElseThrow(() -> new TimingError("lock '" + lock.name() + "' was not granted within "
                        + bound.toMillis() + " ms after " + after));
    }

    /** Releases a lease that must be the holder's still. */
    static void releaseOwn(Lease lease, String when) {
        ReleaseOutcome outcome = lease.release();
        if (outcome != ReleaseOutcome.RELEASED) {
            throw new TimingError("the release of lock '" + lease.lockName() + "' " + when + " says " + outcome
                    + "; the holder had not lost it");
        }
    }

    /** {@return defaults that nobody renews: a lease that outlives the rule} */
    static LockOptions longLease(Trial trial) {
        return LockOptions.defaults().withRenewal(trial.shortLease().renewal());
    }

    /** {@return whether the store ends a grant of this backend at a time, and not with a session} */
    static boolean hasExpiry(Trial trial) {
        return trial.declares(Capability.LEASE) && !trial.declares(Capability.SESSION_BOUND);
    }
}
