// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.Optional;

/**
 * What a variant says to the server: one method, one atomic step, unless the variant is unsafe. Thread-safe.
 *
 * <p>Every method throws {@link io.interlock.LockBackendException} if the store failed.
 */
interface LockProtocol {
    /** The server's answer to a renewal. */
    enum Renewal {
        RENEWED,
        GONE,
        TAKEN,
        FORCED
    }

    Acquisition acquire(LockRequest request, OwnerId owner) throws InterruptedException;

    Renewal renew(LockRequest request, OwnerId owner, Duration lease) throws InterruptedException;

    ReleaseOutcome release(LockRequest request, OwnerId owner) throws InterruptedException;

    /**
     * Whether a release compares and deletes in one step. One that does not is better not sent once the lease is over: it
     * would look, find its own entry in the last moment of that, and delete the next owner's.
     */
    default boolean releasesInOneStep() {
        return true;
    }

    ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException;

    Optional<HolderInfo> holder(String name) throws InterruptedException;

    boolean forceRelease(String name, long fencingToken) throws InterruptedException;
}
