// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.LockOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * The bounds that a backend promises, on an idle machine. Upper bounds are multiplied by {@code lock.tck.scale}.
 * Immutable.
 *
 * @param wakeUp the longest time from a release to the grant of a waiter ("W")
 * @param recheck the longest time that a waiter goes without looking, should a wake-up be lost
 * @param crashRelease the longest time from the end of a lease, or of a session, until others are granted ("C")
 * @param lossDetection the longest time from the end of an entry in the store until the holder is told ("D")
 * @param minLease the shortest lease that the kit may ask for
 * @param granularity how exactly the store keeps a lease
 * @param slack how late a thread may be that has nothing but itself to wait for ("ε")
 * @param roundTrips how often an acquire asks the store and waits for the answer, at most, if nobody disturbs it. A call
 *     has a third of its lease, so rules about slow networks slow them down less where there are more.
 */
public record Timing(
        Duration wakeUp,
        Duration recheck,
        Duration crashRelease,
        Duration lossDetection,
        Duration minLease,
        Duration granularity,
        Duration slack,
        int roundTrips) {
    /**
     * Checks that nothing is negative or missing.
     *
     * @param wakeUp as the record tells
     * @param recheck as the record tells
     * @param crashRelease as the record tells
     * @param lossDetection as the record tells
     * @param minLease as the record tells
     * @param granularity as the record tells
     * @param slack as the record tells
     * @param roundTrips as the record tells
     */
    public Timing {
        require(wakeUp, "wakeUp");
        require(recheck, "recheck");
        require(crashRelease, "crashRelease");
        require(lossDetection, "lossDetection");
        LockOptions.requireLease(minLease);
        require(granularity, "granularity");
        require(slack, "slack");
        if (roundTrips < 1) {
            throw new IllegalArgumentException("roundTrips = " + roundTrips + ": must be at least 1");
        }
    }

    /** {@return W 500 ms, re-check 5 s, C 1 s, D 1 s, leases from 300 ms, kept to 10 ms, ε 250 ms, acquires of one round trip} */
    public static Timing defaults() {
        return new Timing(
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(300),
                Duration.ofMillis(10),
                Duration.ofMillis(250),
                1);
    }

    /**
     * The same with another W.
     *
     * @param bound the longest time from a release to the grant of a waiter
     * @return a changed copy
     */
    public Timing withWakeUp(Duration bound) {
        return new Timing(bound, recheck, crashRelease, lossDetection, minLease, granularity, slack, roundTrips);
    }

    /**
     * The same with another re-check.
     *
     * @param bound the longest time that a waiter goes without looking
     * @return a changed copy
     */
    public Timing withRecheck(Duration bound) {
        return new Timing(wakeUp, bound, crashRelease, lossDetection, minLease, granularity, slack, roundTrips);
    }

    /**
     * The same with another C.
     *
     * @param bound the longest time from the end of a lease until others are granted
     * @return a changed copy
     */
    public Timing withCrashRelease(Duration bound) {
        return new Timing(wakeUp, recheck, bound, lossDetection, minLease, granularity, slack, roundTrips);
    }

    /**
     * The same with another D.
     *
     * @param bound the longest time until the holder is told of a loss
     * @return a changed copy
     */
    public Timing withLossDetection(Duration bound) {
        return new Timing(wakeUp, recheck, crashRelease, bound, minLease, granularity, slack, roundTrips);
    }

    /**
     * The same with another shortest lease.
     *
     * @param lease the shortest that the kit may ask for
     * @return a changed copy
     */
    public Timing withMinLease(Duration lease) {
        return new Timing(wakeUp, recheck, crashRelease, lossDetection, lease, granularity, slack, roundTrips);
    }

    /**
     * The same with another ε.
     *
     * @param bound how late a thread may be that has nothing but itself to wait for
     * @return a changed copy
     */
    public Timing withSlack(Duration bound) {
        return new Timing(wakeUp, recheck, crashRelease, lossDetection, minLease, granularity, bound, roundTrips);
    }

    /**
     * The same with another number of round trips.
     *
     * @param most how often an acquire asks the store, at most; from 1
     * @return a changed copy
     */
    public Timing withRoundTrips(int most) {
        return new Timing(wakeUp, recheck, crashRelease, lossDetection, minLease, granularity, slack, most);
    }

    private static void require(Duration bound, String what) {
        Objects.requireNonNull(bound, what);
        if (bound.isNegative()) {
            throw new IllegalArgumentException(what + " = " + bound + ": must not be negative");
        }
    }
}
