// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.ReleaseOutcome;
import java.time.Duration;

/** What the backend knows of a granted lease. Thread-safe. */
public interface Grant {
    /** {@return the id that holds the entry in the store} */
    OwnerId owner();

    /** {@return the first token of the request's block; 0 if the backend does not declare FENCING} */
    long fencingToken();

    /**
     * Until when the holder may rely on the grant: counted from before the request was sent, drift taken off. Moves
     * with renewals and heartbeats.
     *
     * @return nanoseconds on the context's clock
     * @see Validity#end
     */
    long validUntil();

    /**
     * Prolongs the grant by a new full lease from now, if it is still there and still ours, in one atomic step. Never
     * re-creates it.
     *
     * @param lease the new lease time
     * @return what the store said; {@code UNKNOWN} if it did not answer
     */
    RenewOutcome renew(Duration lease);

    /**
     * Gives the grant back if it is still there and still ours, in one atomic step.
     *
     * @return what the store said; {@code UNKNOWN} if it did not answer. Never throws because of the store
     */
    ReleaseOutcome release();

    /**
     * Sets the one listener of this grant, the engine.
     *
     * @param listener told at once if the grant is already lost
     */
    void watch(GrantListener listener);
}
