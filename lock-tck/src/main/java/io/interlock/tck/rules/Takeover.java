// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;

/** How a lock comes to a new owner whose former one did not release it. */
final class Takeover {
    private Takeover() {}

    /** Takes a lock that was taken with a {@link Trial#shortLease} before, as soon as that is over. */
    static Lease afterExpiry(Trial trial, DistributedLock lock) throws Exception {
        Duration bound = trial.bounds().lease().plus(trial.bounds().crashRelease());
        return lock.tryAcquire(bound)
                .orElseThrow(() -> new TimingError("lock '" + lock.name() + "' was not granted within "
                        + bound.toMillis() + " ms although the lease of its holder is over"));
    }

    /** Takes a lock whose entry just ran out in the store, behind its holder's back. */
    static Lease behindTheBack(Trial trial, DistributedLock lock) {
        if (!trial.store().expire(lock.name())) {
            throw new AssertionError("the store has no entry of lock '" + lock.name() + "' although it was granted");
        }
        return now(lock, "its entry has run out in the store");
    }

    /** Takes a lock in one attempt that somebody else held a moment ago. */
    static Lease now(DistributedLock lock, String why) {
        return lock.tryAcquire()
                .orElseThrow(() -> new AssertionError("lock '" + lock.name() + "' was refused although " + why));
    }

    /** Demands that the new owner still has what it took. */
    static void assertUntouched(Trial trial, Lease owner, DistributedLock other, String since) {
        trial.assertRefused(other, "it was taken over, and only its former owner has since " + since);
        trial.assertHeld(owner, "after its former owner has " + since);
    }
}
