// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** What the store said to a release. */
public enum ReleaseOutcome {
    /** The grant was there and is gone. */
    RELEASED,
    /** The grant was not there any more: it had been lost before. Nobody else's grant was touched. */
    NOT_HELD,
    /** No answer. The engine goes on giving the grant back in the background; it ends with its lease at the latest. */
    UNKNOWN
}
