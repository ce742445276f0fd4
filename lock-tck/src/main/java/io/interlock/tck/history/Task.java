// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import org.jspecify.annotations.Nullable;

/**
 * A call that needs a place in the order: something is known of its outcome, and that must be explained. Immutable.
 *
 * @param call the call
 * @param effect what the store must have done or seen
 * @param hold the grant that it is about; null if none is known
 * @param turn which one of the grants in order of their tokens it is; {@link #NO_TURN} if it is none or has no token
 */
record Task(Operation call, Effect effect, @Nullable Hold hold, int turn) {
    /** What the store must have done or seen between the begin of the call and its answer. */
    enum Effect {
        /** The lock was free, and became the grant's. */
        GRANTED,
        /** The lock was held. */
        WAS_HELD,
        /** As {@link #WAS_HELD}; or a call had it for a moment, and gave it back or was struck, which looks the same. */
        PERHAPS_HELD,
        /** The lock was the grant's, and became free. */
        RELEASED,
        /** The lock was not the grant's any more. */
        NOT_HOLDER,
        /** The lock was the grant's, and stayed it. */
        PROLONGED,
        /** The lock became free, if it was the meant grant's. */
        ENDED
    }

    static final int NO_TURN = -1;

    /** Whether it changes nothing, so that it can go first as soon as it fits. */
    boolean looksOnly() {
        return switch (effect) {
            case WAS_HELD, PERHAPS_HELD, NOT_HOLDER, PROLONGED -> true;
            case GRANTED, RELEASED, ENDED -> false;
        };
    }
}
