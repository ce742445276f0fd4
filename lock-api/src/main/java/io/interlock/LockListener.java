// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.time.Duration;

/**
 * Told of everything that happens to the locks of one client: the place for metrics and for an operator's log.
 *
 * <p>Every method runs on the client's callback executor, one event after the other. A listener that blocks delays only
 * itself; what it throws is logged.
 */
public interface LockListener {
    /**
     * A lease was granted.
     *
     * @param lockName the name of the lock
     * @param waited from the call to the grant
     * @param attempts how often the store was asked, at least 1
     */
    default void acquired(String lockName, Duration waited, int attempts) {}

    /**
     * An acquisition ended without a lease: refused, timed out, interrupted, cancelled, or the store failed.
     *
     * @param lockName the name of the lock
     * @param waited from the call to its end
     * @param attempts how often the store was asked; 0 if the wait ended in this client's own queue
     */
    default void notAcquired(String lockName, Duration waited, int attempts) {}

    /**
     * A lease was released.
     *
     * @param lockName the name of the lock
     * @param held from the grant to the release
     * @param outcome what the store said
     */
    default void released(String lockName, Duration held, ReleaseOutcome outcome) {}

    /**
     * A lease became {@link LeaseState#SUSPECT}, {@link LeaseState#HELD} again, or {@link LeaseState#LOST}.
     *
     * @param change what happened
     */
    default void stateChanged(LeaseStateChange change) {}

    /**
     * A lease was garbage-collected unreleased. It is no longer renewed and is given back at the end of its validity.
     *
     * @param lockName the name of the lock
     * @param acquiredAt the line of code that acquired it
     */
    default void leaked(String lockName, String acquiredAt) {}
}
