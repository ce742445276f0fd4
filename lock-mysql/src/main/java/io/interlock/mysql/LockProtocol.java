// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.sql.SQLException;

/**
 * How a variant takes a lock, gives it back, and cleans up; what both do alike is in {@link LockRows}. Thread-safe.
 *
 * <p>Every statement commits by itself. {@link Database} turns the exceptions into ours.
 */
interface LockProtocol {
    Acquisition acquire(Session session, LockRequest request, OwnerId owner) throws SQLException, InterruptedException;

    /** Gives the lock back if it is still this owner's; an expired one is cleared away and was not held. */
    ReleaseOutcome release(Session session, LockKey key, OwnerId owner) throws SQLException, InterruptedException;

    /** Takes away whatever this owner id has, expired or not; whether there was anything. */
    boolean clear(Session session, LockKey key, OwnerId owner) throws SQLException, InterruptedException;

    /** What nobody needs any more. */
    Garbage garbage();
}
