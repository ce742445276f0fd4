// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a lock's leases are to be. Immutable; start from {@link #defaults}.
 *
 * @param lease Time the store keeps a grant unless it is renewed, 100 ms to 24 h, 30 s unless set. Short: the others
 *     wait less for a crashed holder. Long: fewer renewals, and longer outages are survived.
 * @param renewal who prolongs a lease; {@link RenewalMode#AUTOMATIC} unless set
 * @param maxHold Cap on the total hold, from the grant on: the engine then stops renewing and the lease is lost with
 *     {@link LossReason#MAX_HOLD}. For a holder that is not slow but stuck. None unless set.
 * @param label a word for people, shown by {@link LockClient#holder}, of at most 100 characters; none unless set
 */
public record LockOptions(Duration lease, RenewalMode renewal, Optional<Duration> maxHold, Optional<String> label) {
    /** The shortest lease, 100 ms: below, a scheduler's hiccup looks like a dead holder. */
    public static final Duration MIN_LEASE = Duration.ofMillis(100);

    /** The longest lease, 24 h: a crashed holder must not block the others for days. */
    public static final Duration MAX_LEASE = Duration.ofHours(24);

    private static final int MAX_LABEL = 100;
    private static final LockOptions DEFAULTS =
            new LockOptions(Duration.ofSeconds(30), RenewalMode.AUTOMATIC, Optional.empty(), Optional.empty());

    /**
     * Checks the bounds.
     *
     * @param lease as the record tells
     * @param renewal as the record tells
     * @param maxHold as the record tells
     * @param label as the record tells
     * @throws IllegalArgumentException if the lease, the cap or the label is out of bounds
     */
    public LockOptions {
        requireLease(lease);
        Objects.requireNonNull(renewal, "renewal");
        maxHold.ifPresent(cap -> {
            if (cap.compareTo(MIN_LEASE) < 0 || cap.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException("maxHold = " + cap + ": must be from 100 ms to 365 days");
            }
        });
        label.ifPresent(l -> {
            if (l.isEmpty() || l.length() > MAX_LABEL) {
                throw new IllegalArgumentException(
                        "label of " + l.length() + " characters: must have 1 to " + MAX_LABEL);
            }
        });
    }

    /** {@return lease 30 s, automatic renewal, no cap, no label} */
    public static LockOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another lease time.
     *
     * @param lease from 100 ms to 24 h
     * @return a copy
     */
    public LockOptions withLease(Duration lease) {
        return new LockOptions(lease, renewal, maxHold, label);
    }

    /**
     * These options with another way of renewal.
     *
     * @param renewal who prolongs a lease
     * @return a copy
     */
    public LockOptions withRenewal(RenewalMode renewal) {
        return new LockOptions(lease, renewal, maxHold, label);
    }

    /**
     * These options with a cap on the total hold.
     *
     * @param maxHold from 100 ms to 365 days
     * @return a copy
     */
    public LockOptions withMaxHold(Duration maxHold) {
        return new LockOptions(lease, renewal, Optional.of(maxHold), label);
    }

    /**
     * These options with a label.
     *
     * @param label 1 to 100 characters
     * @return a copy
     */
    public LockOptions withLabel(String label) {
        return new LockOptions(lease, renewal, maxHold, Optional.of(label));
    }

    /**
     * Checks a lease time.
     *
     * @param lease the time
     * @return the same
     * @throws IllegalArgumentException if it is not from {@link #MIN_LEASE} to {@link #MAX_LEASE}
     */
    public static Duration requireLease(Duration lease) {
        if (lease.compareTo(MIN_LEASE) < 0 || lease.compareTo(MAX_LEASE) > 0) {
            throw new IllegalArgumentException("lease = " + lease + ": must be from 100 ms to 24 h");
        }
        return lease;
    }
}
