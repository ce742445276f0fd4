// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.tck.Timing;
import java.time.Duration;

/** The bounds of a backend as they count on this machine: upper ones multiplied by the scale. Immutable. */
public final class Bounds {
    private static final Duration GENEROUS = Duration.ofSeconds(20);
    private static final Duration ATTEMPT = Duration.ofSeconds(Boolean.getBoolean("lock.tck.soak") ? 180 : 60);

    private final Timing timing;
    private final RunSettings settings;

    Bounds(Timing timing, RunSettings settings) {
        this.timing = timing;
        this.settings = settings;
    }

    /** {@return W: from a release to the grant of a waiter} */
    public Duration wakeUp() {
        return settings.scaled(timing.wakeUp());
    }

    /** {@return how long a waiter may go without looking} */
    public Duration recheck() {
        return settings.scaled(timing.recheck());
    }

    /** {@return C: from the end of a lease until others are granted} */
    public Duration crashRelease() {
        return settings.scaled(timing.crashRelease());
    }

    /** {@return D: from the end of an entry until its holder is told} */
    public Duration lossDetection() {
        return settings.scaled(timing.lossDetection());
    }

    /** {@return ε: how late a thread may be that waits for nobody else} */
    public Duration slack() {
        return settings.scaled(timing.slack());
    }

    /** {@return a short lease, longer on a slow machine so that it is not lost by a hiccup} */
    public Duration lease() {
        Duration scaled = settings.scaled(timing.minLease());
        return scaled.compareTo(timing.minLease()) < 0 ? timing.minLease() : scaled;
    }

    /** {@return how often an acquire asks the store, at most} */
    public int roundTrips() {
        return timing.roundTrips();
    }

    /** {@return how exactly leases are kept; not scaled, since it is the store's} */
    public Duration granularity() {
        return timing.granularity();
    }

    /** {@return for what must happen, but has no bound of its own} */
    public Duration generous() {
        return settings.scaled(GENEROUS);
    }

    /** {@return the longest that one attempt at a rule may take} */
    Duration attempt() {
        Duration scaled = settings.scaled(ATTEMPT);
        return scaled.compareTo(ATTEMPT) < 0 ? ATTEMPT : scaled;
    }
}
