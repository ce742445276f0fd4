// SPDX-License-Identifier: Apache-2.0
package io.interlock.sample;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.LeasedGrant;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;

/** A granted lease. Every step names the owner id, so that a former holder changes nothing. Thread-safe. */
final class H2Grant extends LeasedGrant {
    private final H2Locks locks;
    private final String name;

    H2Grant(H2Locks locks, BackendContext context, LockRequest request, OwnerId owner, long token, long sent) {
        super(context, owner, token, Validity.end(sent, request.lease()));
        this.locks = locks;
        name = request.name();
    }

    @Override
    protected RenewOutcome renewInStore(Duration lease, long validBefore) {
        return locks.renew(name, owner(), lease) ? RenewOutcome.RENEWED : RenewOutcome.LOST;
    }

    @Override
    protected ReleaseOutcome releaseInStore() {
        return locks.release(name, owner());
    }
}
