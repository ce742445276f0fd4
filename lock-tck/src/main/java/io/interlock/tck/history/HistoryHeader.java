// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.Timing;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a history comes from, and how it is to be judged. Immutable.
 *
 * @param backend the id of the backend
 * @param seed that the run can be repeated with
 * @param lease the lease time of the run
 * @param timing the bounds of the backend
 * @param refusals whether an unjustified "held by another" is a violation or only counted
 * @param lateGrants For how long after its end a call that waited may still have a grant that nobody got and that is
 *     being taken back. Zero unless the network is disturbed: then the lease time.
 */
public record HistoryHeader(
        String backend, long seed, Duration lease, Timing timing, Refusals refusals, Duration lateGrants) {
    /** What to do about "held by another" while nobody can have held the lock (14.04). */
    public enum Refusals {
        /** It is a violation. */
        JUDGED,
        /** It is counted: in a split vote a quorum may refuse everybody. */
        MEASURED
    }

    /**
     * Checks that nothing is missing.
     *
     * @param backend as the record tells
     * @param seed as the record tells
     * @param lease as the record tells
     * @param timing as the record tells
     * @param refusals as the record tells
     * @param lateGrants as the record tells
     */
    public HistoryHeader {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(refusals, "refusals");
        if (lease.isNegative() || lateGrants.isNegative()) {
            throw new IllegalArgumentException(
                    "lease = " + lease + ", lateGrants = " + lateGrants + ": must not be negative");
        }
    }

    /**
     * The header of an undisturbed run whose refusals are judged.
     *
     * @param backend as the record tells
     * @param seed as the record tells
     * @param lease as the record tells
     * @param timing as the record tells
     * @return the header
     */
    public static HistoryHeader of(String backend, long seed, Duration lease, Timing timing) {
        return new HistoryHeader(backend, seed, lease, timing, Refusals.JUDGED, Duration.ZERO);
    }

    /**
     * The same with another way to treat refusals.
     *
     * @param how as the record tells
     * @return a changed copy
     */
    public HistoryHeader withRefusals(Refusals how) {
        return new HistoryHeader(backend, seed, lease, timing, how, lateGrants);
    }

    /**
     * The same for a run with a disturbed network.
     *
     * @param grace as the record tells
     * @return a changed copy
     */
    public HistoryHeader withLateGrants(Duration grace) {
        return new HistoryHeader(backend, seed, lease, timing, refusals, grace);
    }
}
