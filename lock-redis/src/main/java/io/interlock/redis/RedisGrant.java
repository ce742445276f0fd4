// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.LeasedGrant;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;

/** A granted lease in Redis. Thread-safe. */
final class RedisGrant extends LeasedGrant {
    private final LockProtocol protocol;
    private final LockRequest request;

    RedisGrant(
            LockProtocol protocol,
            BackendContext context,
            LockRequest request,
            OwnerId owner,
            long fencingToken,
            long sentNanos) {
        super(context, owner, fencingToken, Validity.end(sentNanos, request.lease()));
        this.protocol = protocol;
        this.request = request;
    }

    @Override
    protected RenewOutcome renewInStore(Duration lease, long validBefore) throws InterruptedException {
        return switch (protocol.renew(request, owner(), lease)) {
            case RENEWED -> RenewOutcome.RENEWED;
            case GONE -> gone(validBefore);
            case TAKEN -> lost(LossReason.TAKEN);
            case FORCED -> lost(LossReason.FORCED);
        };
    }

    @Override
    protected ReleaseOutcome releaseInStore() throws InterruptedException {
        if (!protocol.releasesInOneStep() && isPast(validUntil())) {
            return ReleaseOutcome.NOT_HELD;
        }
        return protocol.release(request, owner());
    }
}
