// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Lease;
import io.interlock.LeaseListener;
import io.interlock.LeaseState;
import io.interlock.Registration;
import io.interlock.ReleaseOutcome;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;

/**
 * The application's side of a lease. The engine refers to it weakly only: when the application forgets it, the garbage
 * collector tells.
 */
final class EngineLease implements Lease {
    private final HeldLease held;

    EngineLease(HeldLease held) {
        this.held = held;
    }

    HeldLease held() {
        return held;
    }

    @Override
    public String lockName() {
        return held.lockName();
    }

    @Override
    public long fencingToken() {
        return held.fencingToken();
    }

    @Override
    public LeaseState state() {
        return held.state();
    }

    @Override
    public boolean isHeld() {
        return held.isHeld();
    }

    @Override
    public Duration remaining() {
        return held.remaining();
    }

    @Override
    public void ensureHeld() {
        held.ensureHeld();
    }

    @Override
    public boolean renew(Duration lease) {
        try {
            return held.renew(Objects.requireNonNull(lease, "lease"));
        } finally {
            Reference.reachabilityFence(this); // not a leak while the call is under way
        }
    }

    @Override
    public Registration onStateChange(LeaseListener listener) {
        return held.onStateChange(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public ReleaseOutcome release() {
        try {
            return held.release();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void close() {
        release();
    }

    @Override
    public String toString() {
        return "Lease[" + lockName() + ", " + state() + "]";
    }
}
