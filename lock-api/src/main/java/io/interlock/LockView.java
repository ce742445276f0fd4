// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A distributed lock as a {@link Lock}: owned by a thread, and reentrant.
 *
 * <p>Thread-safe. Two views, as two {@link DistributedLock} objects, are two owners even in one thread.
 * {@link #lock} and {@link #tryLock()} throw {@link LockBackendException} if the store fails. Each of the acquiring
 * methods throws {@link LeaseLostException} if the calling thread holds the view but has lost the lease: a nested call
 * never takes a new grant silently.
 */
public interface LockView extends Lock {
    /**
     * Takes one hold of the calling thread back; the last one releases the lease.
     *
     * @throws IllegalMonitorStateException if the calling thread has no hold
     * @throws LeaseLostException from the last hold, if the lease was lost meanwhile; the view is clean then
     */
    @Override
    void unlock();

    /**
     * Refused: a condition can't be waited for across machines.
     *
     * @return never
     * @throws UnsupportedOperationException always
     */
    @Override
    Condition newCondition();

    /** {@return how many holds the calling thread has; 0 if none. A lost lease keeps its holds until unlocked} */
    int getHoldCount();

    /** {@return whether the calling thread has a hold and its lease {@link Lease#isHeld() is held}} */
    boolean isHeldByCurrentThread();
}
