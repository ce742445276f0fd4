// SPDX-License-Identifier: Apache-2.0
package io.interlock.sample;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;

/** A granted lease. Every step names the owner id, so that a former holder changes nothing. Thread-safe. */
final class H2Grant implements Grant {
    private final H2Locks locks;
    private final BackendContext context;
    private final LockRequest request;
    private final OwnerId owner;
    private final long token;
    private volatile long validUntil;

    H2Grant(H2Locks locks, BackendContext context, LockRequest request, OwnerId owner, long token, long sent) {
        this.locks = locks;
        this.context = context;
        this.request = request;
        this.owner = owner;
        this.token = token;
        validUntil = Validity.end(sent, request.lease());
    }

    @Override
    public OwnerId owner() {
        return owner;
    }

    @Override
    public long fencingToken() {
        return token;
    }

    @Override
    public long validUntil() {
        return validUntil;
    }

    @Override
    public RenewOutcome renew(Duration lease) {
        long end = Validity.end(context.nanoTime(), lease);
        try {
            if (!locks.renew(request.name(), owner, lease)) {
                return RenewOutcome.LOST;
            }
            validUntil = end;
            return RenewOutcome.RENEWED;
        } catch (LockBackendException e) {
            return RenewOutcome.UNKNOWN;
        }
    }

    @Override
    public ReleaseOutcome release() {
        try {
            return locks.release(request.name(), owner);
        } catch (LockBackendException e) {
            return ReleaseOutcome.UNKNOWN;
        }
    }

    @Override
    public void watch(GrantListener listener) {
        // a database does not call: a loss shows at the next renewal
    }
}
