// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.time.Duration;

/**
 * One successful acquisition. The lease, never a thread, owns the lock: it is usable and closable from any thread.
 *
 * <p>Thread-safe. Keep a reference for as long as you rely on it: a lease that is garbage-collected unreleased is
 * reported with the place of its acquisition, no longer renewed, and given back at the end of its validity.
 */
public interface Lease extends AutoCloseable {
    /** {@return the name of the lock, as given} */
    String lockName();

    /**
     * The number of this grant: larger than that of every earlier grant of the same name, and constant. Pass it to the
     * protected resource and let that refuse smaller ones; it is the only protection against a holder that was paused
     * beyond its lease.
     *
     * @return the token, positive
     * @throws UnsupportedCapabilityException if the backend does not declare {@link Capability#FENCING}
     */
    long fencingToken();

    /** {@return where the lease stands; no I/O} */
    LeaseState state();

    /**
     * Whether the holder may rely on the lease now. Local, no I/O, pessimistic: false no later than the end of the
     * validity, whether or not the store can be reached.
     *
     * @return true if neither lost nor released and some validity is left
     */
    boolean isHeld();

    /** {@return the validity that is left; zero if not held. No I/O} */
    Duration remaining();

    /**
     * Does nothing while the lease is held. No I/O.
     *
     * @throws LeaseLostException if it was lost or its validity is over
     * @throws IllegalStateException if it was released
     */
    void ensureHeld() throws LeaseLostException;

    /**
     * Asks the store for a new full lease from now, on the caller's thread. Later automatic renewals use the new time.
     * A shorter time than before shortens the lease. Not interruptible; ends within the call timeout.
     *
     * @param lease the new lease time, from 100 ms to 24 h
     * @return true if renewed; false if the lease is over (lost, or released)
     * @throws LockBackendException if the store did not answer; the lease then keeps the validity that is sure
     * @throws UnsupportedCapabilityException if the backend does not declare {@link Capability#EXTEND}
     */
    boolean renew(Duration lease);

    /**
     * Adds a listener for this lease. One that is added late is told at once of the present state, if that is not
     * {@link LeaseState#HELD}.
     *
     * @param listener called on the client's callback executor
     * @return closes to remove the listener
     */
    Registration onStateChange(LeaseListener listener);

    /**
     * Gives the lock back. Idempotent: a second call does no I/O and answers as the first. The interrupt flag is set
     * aside and restored, so an interrupted thread releases as well.
     *
     * @return what the store said; after a loss, {@link ReleaseOutcome#NOT_HELD}
     */
    ReleaseOutcome release();

    /** Does {@link #release}; never throws because the lease was lost. */
    @Override
    void close();
}
