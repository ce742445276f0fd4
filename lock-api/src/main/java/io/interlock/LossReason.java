// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** Why a lease ended although nobody released it. */
public enum LossReason {
    /** Its time was over: not renewed, on purpose or because the process stood still. */
    EXPIRED,
    /** The store showed another owner. */
    TAKEN,
    /** The entry was gone from the store before its time. */
    DELETED,
    /** The session that carried the grant ended. */
    SESSION_LOST,
    /** The store did not answer until the validity was used up. */
    UNREACHABLE,
    /** Too few nodes confirmed the renewal in time. */
    QUORUM_LOST,
    /** The cap on the total hold was reached: {@link LockOptions#maxHold}. */
    MAX_HOLD,
    /** An operator ended it: {@link LockClient#forceRelease}. */
    FORCED,
    /** The client was closed while the lease was held. */
    CLOSED
}
