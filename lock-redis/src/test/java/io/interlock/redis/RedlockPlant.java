// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

/** An error planted in the simulated protocol of redlock; a simulation that does not find it proves nothing. */
enum RedlockPlant {
    /** Ours, as it is. */
    NONE,
    /** The first majority's token is handed out at once. */
    NO_CONFIRM_ROUND,
    /** The second round does not look whether the grant still stands. */
    CONFIRM_WITHOUT_OWNERSHIP_CHECK,
    /** Half of the nodes, rounded down, are enough. */
    MAJORITY_OFF_BY_ONE,
    /** A renewal counts as soon as one node has renewed. */
    RENEWAL_BY_ONE_NODE,
    /** A renewal makes a missing key again. */
    RENEWAL_MAKES_THE_KEY_AGAIN,
    /** An attempt that got too few nodes leaves them as they are. */
    NO_UNDO,
    /** An attempt that got too few nodes is undone only at those that granted. */
    UNDO_ONLY_WHERE_GRANTED,
    /** Undo deletes, and does not block the id. */
    UNDO_WITHOUT_TOMBSTONE,
    /** A release or undo deletes whoever's entry it finds. */
    RELEASE_WITHOUT_OWNERSHIP_CHECK,
    /** The next attempt uses the id of the one before. */
    OWNER_ID_USED_AGAIN,
    /** Validity is the lease, as if all clocks ran alike. */
    DRIFT_IGNORED,
    /** Validity is counted from the last answer. */
    VALIDITY_FROM_THE_REPLY,
    /** A fence lives for a day from its last use, whatever its value. */
    FENCE_WITH_RELATIVE_EXPIRY,
    /** A candidate is the fence and one, whatever the time. */
    NO_TIME_FLOOR,
    /** The second round raises the fence to the first token of the block. */
    BLOCK_NOT_RAISED_TO_ITS_END,
    /** A node that has lost its data votes at once. */
    NO_RESTART_DELAY
}
