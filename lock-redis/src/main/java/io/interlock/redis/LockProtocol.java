// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.Optional;

/**
 * What a variant says to the server: one method, one atomic step. Thread-safe.
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

    ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException;

    Optional<HolderInfo> holder(String name) throws InterruptedException;

    boolean forceRelease(String name, long fencingToken) throws InterruptedException;
}
