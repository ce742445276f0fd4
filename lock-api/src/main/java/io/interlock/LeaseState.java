// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** Where a lease stands. {@code HELD} and {@code SUSPECT} alternate; {@code LOST} and {@code RELEASED} are final. */
public enum LeaseState {
    /** The last answer of the store was good and the validity is not used up. */
    HELD,
    /**
     * Still within its validity, as far as anybody can know, but a renewal stayed without an answer or the connection
     * is gone. A good moment to stop starting new work; {@link Lease#isHeld} tells whether the validity is over.
     */
    SUSPECT,
    /** Ended although nobody released it; {@link LossReason} tells why. */
    LOST,
    /** Ended by {@link Lease#release} or {@link Lease#close}. */
    RELEASED
}
