// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.HolderInfo;
import java.time.Duration;
import java.util.Objects;

/**
 * What one acquisition asks of a backend. Immutable, and checked by the engine.
 *
 * @param name the name of the lock
 * @param lease how long the grant is to live unless renewed
 * @param waiting whether the engine will attempt again after a refusal; if not, nothing may be queued or subscribed
 * @param tokens how many fencing tokens to reserve, at least 1
 * @param holder what to store about the holder; without a token
 * @param callTimeout within what time each call for this request must end; at most a third of the lease, except on a
 *     backend that is SESSION_BOUND, where no lease depends on calls of its own
 */
public record LockRequest(
        String name, Duration lease, boolean waiting, int tokens, HolderInfo holder, Duration callTimeout) {
    /**
     * Refuses nulls and a block of less than one token.
     *
     * @param name as the record tells
     * @param lease as the record tells
     * @param waiting as the record tells
     * @param tokens as the record tells
     * @param holder as the record tells
     * @param callTimeout as the record tells
     */
    public LockRequest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(lease, "lease");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(callTimeout, "callTimeout");
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens = " + tokens + ": must be at least 1");
        }
    }

    /** {@return the same for one attempt, with {@link #waiting} false} */
    public LockRequest once() {
        return new LockRequest(name, lease, false, tokens, holder, callTimeout);
    }
}
