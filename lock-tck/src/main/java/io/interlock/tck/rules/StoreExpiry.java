// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;

/**
 * When the store will end the entry of a lock, as exactly as one look can tell. Immutable.
 *
 * @param earliest on the monotonic clock
 * @param latest on the monotonic clock; further from the earliest, the longer the look took
 */
record StoreExpiry(long earliest, long latest) {
    /** Later than any lease: some stores have entries without an end. */
    private static final Duration FAR = Duration.ofDays(3650);

    /** {@return the expiry that the store shows; empty if nobody holds the lock or a session bounds the entry} */
    static Optional<StoreExpiry> of(Trial trial, String name) {
        long before = trial.now();
        Optional<Duration> left = trial.store().timeToLive(name);
        long after = trial.now();
        return left.map(ttl -> ttl.compareTo(FAR) < 0 ? ttl.toNanos() : FAR.toNanos())
                .map(ttl -> new StoreExpiry(before + ttl, after + ttl));
    }

    /** {@return the expiry of a lock that is held by a lease with an end} */
    static StoreExpiry ofHeld(Trial trial, String name) {
        return of(trial, name)
                .orElseThrow(() -> new AssertionError(
                        "lock '" + name + "' is held, and its entry in the store has no expiry or is not there"));
    }

    /** Demands that the expiry is where it was, but for what a look can't tell. */
    void assertSame(Trial trial, StoreExpiry before, String name, String after) {
        long granularity = trial.bounds().granularity().toNanos();
        if (earliest > before.latest + granularity) {
            throw new AssertionError("the entry of lock '" + name + "' lives " + millis(earliest - before.latest)
                    + " ms longer after " + after);
        }
        if (latest < before.earliest - granularity) {
            throw new AssertionError("the entry of lock '" + name + "' lives " + millis(before.earliest - latest)
                    + " ms shorter after " + after);
        }
    }

    /** Demands an expiry a lease after a moment between two times. */
    void assertLeaseFrom(Trial trial, Duration lease, long from, long to, String what) {
        long granularity = trial.bounds().granularity().toNanos();
        if (latest < from + lease.toNanos() - granularity) {
            throw new AssertionError(what + ": the store ends the entry " + millis(from + lease.toNanos() - latest)
                    + " ms too early for a lease of " + lease.toMillis() + " ms");
        }
        if (earliest > to + lease.toNanos() + granularity) {
            throw new AssertionError(what + ": the store keeps the entry " + millis(earliest - to - lease.toNanos())
                    + " ms too long for a lease of " + lease.toMillis() + " ms");
        }
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
