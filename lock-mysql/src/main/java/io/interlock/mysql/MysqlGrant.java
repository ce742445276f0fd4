// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.LeasedGrant;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;

/** A granted lease in the database. Thread-safe. */
final class MysqlGrant extends LeasedGrant {
    private final LockCalls calls;
    private final LockRequest request;

    MysqlGrant(
            LockCalls calls,
            BackendContext context,
            LockRequest request,
            OwnerId owner,
            long fencingToken,
            long sentNanos) {
        super(context, owner, fencingToken, Validity.end(sentNanos, request.lease()));
        this.calls = calls;
        this.request = request;
    }

    @Override
    protected RenewOutcome renewInStore(Duration lease, long validBefore) throws InterruptedException {
        return switch (calls.renew(request, owner(), lease)) {
            case RENEWED -> RenewOutcome.RENEWED;
            case GONE -> gone(validBefore);
            case TAKEN -> lost(LossReason.TAKEN);
            case FORCED -> lost(LossReason.FORCED);
        };
    }

    @Override
    protected ReleaseOutcome releaseInStore() throws InterruptedException {
        return calls.release(request, owner());
    }
}
