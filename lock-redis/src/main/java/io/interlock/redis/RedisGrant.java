// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A granted lease in Redis. Thread-safe. */
final class RedisGrant implements Grant {
    private final LockProtocol protocol;
    private final BackendContext context;
    private final LockRequest request;
    private final OwnerId owner;
    private final long fencingToken;

    /** Keeps renewals in one order, so that validity follows the expiry that the store set last. */
    private final ReentrantLock renewing = new ReentrantLock();

    private volatile long validUntil; // written under renewing

    private final ReentrantLock telling = new ReentrantLock();
    private @Nullable GrantListener listener; // guarded by telling
    private @Nullable LossReason lost; // guarded by telling

    RedisGrant(
            LockProtocol protocol,
            BackendContext context,
            LockRequest request,
            OwnerId owner,
            long fencingToken,
            long sentNanos) {
        this.protocol = protocol;
        this.context = context;
        this.request = request;
        this.owner = owner;
        this.fencingToken = fencingToken;
        this.validUntil = Validity.end(sentNanos, request.lease());
    }

    @Override
    public OwnerId owner() {
        return owner;
    }

    @Override
    public long fencingToken() {
        return fencingToken;
    }

    @Override
    public long validUntil() {
        return validUntil;
    }

    @Override
    public RenewOutcome renew(Duration lease) {
        renewing.lock();
        try {
            long before = validUntil;
            long end = Validity.end(context.nanoTime(), lease);
            if (end - before < 0) {
                // a shorter lease counts even if its reply is lost
                validUntil = end;
            }
            return Unanswered.orElse(RenewOutcome.UNKNOWN, () -> {
                LockProtocol.Renewal renewal = protocol.renew(request, owner, lease);
                if (renewal == LockProtocol.Renewal.RENEWED) {
                    validUntil = end;
                    return RenewOutcome.RENEWED;
                }
                tellLost(reason(renewal, before));
                return RenewOutcome.LOST;
            });
        } finally {
            renewing.unlock();
        }
    }

    @Override
    public ReleaseOutcome release() {
        return Unanswered.orElse(ReleaseOutcome.UNKNOWN, () -> protocol.release(request, owner));
    }

    @Override
    public void watch(GrantListener listener) {
        telling.lock();
        try {
            this.listener = listener;
            if (lost != null) {
                listener.lost(lost);
            }
        } finally {
            telling.unlock();
        }
    }

    private LossReason reason(LockProtocol.Renewal renewal, long validBefore) {
        return switch (renewal) {
            case TAKEN -> LossReason.TAKEN;
            case FORCED -> LossReason.FORCED;
            case GONE, RENEWED -> context.nanoTime() - validBefore >= 0 ? LossReason.EXPIRED : LossReason.DELETED;
        };
    }

    private void tellLost(LossReason reason) {
        telling.lock();
        try {
            if (lost == null) {
                lost = reason;
                if (listener != null) {
                    listener.lost(reason);
                }
            }
        } finally {
            telling.unlock();
        }
    }
}
