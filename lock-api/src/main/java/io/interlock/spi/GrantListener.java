// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.LossReason;

/** What a backend learns of a grant between renewals. Thread-safe; never blocks; may be called on an I/O thread. */
public interface GrantListener {
    /** The connection or session that carries the grant is in doubt. */
    void suspended();

    /** The very same grant is sure again. */
    void resumed();

    /**
     * The grant is gone. Called before {@link Grant#renew} answers {@link RenewOutcome#LOST}, if the backend knows why.
     *
     * @param reason what became of it
     */
    void lost(LossReason reason);
}
