// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.spi.Grant;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.Optional;

/**
 * Until when one lease may be relied on: the earliest of what the backend says, the cap on the total hold, and the ends
 * that the engine sets. On the clock of validity. Thread-safe.
 */
final class LeaseValidity {
    private static final long NEVER = Long.MAX_VALUE;

    private final EngineRuntime runtime;
    private final Grant grant;
    private final boolean engineEnds;
    private final long holdEnd;
    private volatile long engineEnd = NEVER;
    private volatile long shortEnd = NEVER;

    /**
     * The validity of a lease that was granted now.
     *
     * @param engineEnds whether the lease ends with its lease time although the store would go on: a session outlives
     *     it, and without renewal the engine must end it
     */
    LeaseValidity(EngineRuntime runtime, Grant grant, Optional<Duration> maxHold, boolean engineEnds) {
        this.runtime = runtime;
        this.grant = grant;
        this.engineEnds = engineEnds;
        holdEnd = maxHold.map(cap -> Nanos.plus(runtime.nanoTime(), Nanos.of(cap)))
                .orElse(NEVER);
    }

    /** Zero when used up. */
    long remainingNanos() {
        long end = Math.min(Math.min(grant.validUntil(), shortEnd), Math.min(holdEnd, engineEnd));
        return Math.max(0, end - runtime.nanoTime());
    }

    boolean isHoldOver() {
        return runtime.nanoTime() >= holdEnd;
    }

    /** A lease that was asked for at a time. */
    void lasts(long from, Duration lease) {
        engineEnd = engineEnds ? Nanos.plus(from, lease.toNanos()) : NEVER;
    }

    /** A shorter lease is asked for: should the answer be lost, only that much is sure. */
    void mayBeShortened(long from, Duration lease) {
        shortEnd = Validity.end(from, lease);
    }

    /** The store has answered, so that what the backend says is true. */
    void confirmed() {
        shortEnd = NEVER;
    }

    /** Nothing prolongs it any more. */
    void freeze() {
        engineEnd = Math.min(engineEnd, grant.validUntil());
    }
}
