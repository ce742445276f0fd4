// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** Told of the changes of one lease; see {@link Lease#onStateChange}. */
@FunctionalInterface
public interface LeaseListener {
    /**
     * Runs on the client's callback executor, never on the caller's or an I/O thread; one change of a lease after the
     * other, in order. May block and may call any method of the library. What it throws is logged.
     *
     * @param change what happened
     */
    void stateChanged(LeaseStateChange change);
}
