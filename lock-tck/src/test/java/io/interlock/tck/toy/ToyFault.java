// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

/** The one thing that is broken in a toy backend. */
public enum ToyFault {
    /** Nothing. */
    NONE,
    /** A release looks who holds the lock, and then deletes whatever is there (rule 2.12). */
    RELEASE_IN_TWO_STEPS,
    /** A renewal looks who holds the lock, and then prolongs whatever is there (rule 2.13). */
    RENEWAL_IN_TWO_STEPS,
    /** An acquire makes an entry for ever, and then sets its expiry (rule 2.14). */
    ACQUIRE_IN_TWO_STEPS,
    /** An undo says "done" and does nothing (rule 2.15). */
    NO_UNDO,
    /** A release whose reply is lost is sent again after a while, for whoever holds the lock by then (rule 2.16). */
    BLIND_SECOND_RELEASE,
    /** After its connection was broken, a client takes the entry of its own earlier grant for a new one (rule 2.21). */
    ADOPTS_OLD_ENTRY,
    /** A waiter does not look again once it is subscribed, nor before the holder's lease ends (rule 4.02). */
    NO_LOOK_AFTER_SUBSCRIBING,
    /** A waiter that lost its subscription is never told anything again (rule 4.17). */
    WAITER_DIES_WITH_CONNECTION,
    /** Validity is counted from the reply (rule 5.07). */
    VALIDITY_FROM_REPLY,
    /** An attempt waits for its answer beyond the call timeout, and counts validity anew if it is used up by then (rule 5.08). */
    SPENT_LEASE_GRANTED,
    /** A renewal without an answer counts as a loss (rule 5.12). */
    FAILED_RENEWAL_IS_LOSS,
    /** Renewals wait for each other, and for the answer that one of them does not get (rule 5.14). */
    RENEWALS_ONE_AT_A_TIME,
    /** A renewal that fails is made good ten times over (rule 5.14). */
    RENEWALS_CAUGHT_UP,
    /** A renewal without an answer is told as an expiry (rule 6.11). */
    UNANSWERED_CALLED_EXPIRED,
    /** A holder believes in its grant until the store says that it is gone (rule 6.05). */
    HELD_UNTIL_STORE_DENIES,
    /** After its connection was broken, a client leaves its releases to the store, which knows nothing of it (rule 13.07). */
    RELEASE_LEFT_TO_THE_STORE,
    /** Calls wait 30 s for an answer, whatever the call timeout (rule 13.08). */
    NO_CALL_TIMEOUT,
    /** An undo deletes whatever is there (rule 13.10). */
    BLIND_UNDO
}
