// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

/** What the store said to a renewal. */
public enum RenewOutcome {
    /** The grant lives for a new full lease. */
    RENEWED,
    /** The grant is gone or another's; nothing was changed. */
    LOST,
    /** No answer, or an error of the store; the engine tries again while some validity is left. */
    UNKNOWN
}
