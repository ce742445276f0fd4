// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** Who prolongs a lease. */
public enum RenewalMode {
    /** The engine renews in the background until release, loss, or {@link LockOptions#maxHold}. The default. */
    AUTOMATIC,
    /** Nobody but the application, by {@link Lease#renew}; otherwise the lease ends after its lease time. */
    NONE
}
