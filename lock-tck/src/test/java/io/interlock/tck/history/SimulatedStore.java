// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.util.HashSet;
import java.util.Set;

/** A right store for one lock in simulated time: one holder, an expiry, tokens that rise. Confined to one thread. */
final class SimulatedStore {
    private static final long STEP = 10; // leaves room for tokens that a test wants to plant in between

    private final long lease;
    private final Set<Long> undone = new HashSet<>();
    private long holder;
    private long expiry;
    private long token;

    SimulatedStore(long lease) {
        this.lease = lease;
    }

    /** The token, or zero if another holds it or the request was undone before it came. */
    long acquire(long owner, long now) {
        if (isHeld(now) || undone.contains(owner)) {
            return 0;
        }
        holder = owner;
        expiry = now + lease;
        token += STEP;
        return token;
    }

    boolean extend(long owner, long now) {
        if (!isHeldBy(owner, now)) {
            return false;
        }
        expiry = now + lease;
        return true;
    }

    boolean release(long owner, long now) {
        boolean held = isHeldBy(owner, now);
        if (held) {
            holder = 0;
        }
        return held;
    }

    void undo(long owner, long now) {
        undone.add(owner);
        release(owner, now);
    }

    private boolean isHeldBy(long owner, long now) {
        return isHeld(now) && holder == owner;
    }

    private boolean isHeld(long now) {
        return holder != 0 && now < expiry;
    }
}
