// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.LockBackendException;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A granted lease in the toy store. Thread-safe. */
final class ToyGrant implements Grant {
    private final ToyBackend backend;
    private final LockRequest request;
    private final OwnerId owner;
    private final long token;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile long validUntil; // written under renewing
    private boolean missed; // guarded by the turn of renewals
    private final ReentrantLock telling = new ReentrantLock();
    private @Nullable GrantListener listener; // guarded by telling
    private @Nullable LossReason loss; // guarded by telling

    ToyGrant(ToyBackend backend, LockRequest request, OwnerId owner, long token, long sent) {
        this.backend = backend;
        this.request = request;
        this.owner = owner;
        this.token = token;
        validUntil = end(sent, request.lease());
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
        ReentrantLock turn = backend.fault() == ToyFault.RENEWALS_ONE_AT_A_TIME ? backend.renewals() : renewing;
        turn.lock();
        try {
            RenewOutcome outcome = renewOnce(lease);
            boolean catchUp = backend.fault() == ToyFault.RENEWALS_CAUGHT_UP;
            missed |= outcome == RenewOutcome.UNKNOWN;
            if (catchUp && missed && outcome == RenewOutcome.RENEWED) {
                missed = false;
                for (int i = 0; i < 10; i++) {
                    renewOnce(lease);
                }
            }
            return outcome;
        } finally {
            turn.unlock();
        }
    }

    private RenewOutcome renewOnce(Duration lease) {
        try {
            long before = validUntil;
            long sent = backend.context().nanoTime();
            long pessimistic = Validity.end(sent, lease);
            if (pessimistic - before < 0 && backend.fault() != ToyFault.HELD_UNTIL_STORE_DENIES) {
                validUntil = pessimistic; // a shorter lease counts even if its reply is lost
            }
            ToyProtocol.Renewal answer = backend.protocol().renew(request, owner.toString(), lease);
            if (answer == ToyProtocol.Renewal.RENEWED) {
                validUntil = end(sent, lease);
                return RenewOutcome.RENEWED;
            }
            tellLost(reason(answer, before));
            return RenewOutcome.LOST;
        } catch (LockBackendException failed) {
            return unanswered();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return RenewOutcome.UNKNOWN;
        }
    }

    @Override
    public ReleaseOutcome release() {
        return backend.orUnknown(() -> backend.protocol().release(request, owner.toString())
                ? ReleaseOutcome.RELEASED
                : ReleaseOutcome.NOT_HELD);
    }

    @Override
    public void watch(GrantListener watcher) {
        LossReason already;
        telling.lock();
        try {
            listener = watcher;
            already = loss;
        } finally {
            telling.unlock();
        }
        if (already != null) {
            watcher.lost(already);
        }
    }

    private long end(long sent, Duration lease) {
        long pessimistic = Validity.end(sent, lease);
        long now = backend.context().nanoTime();
        return switch (backend.fault()) {
            case VALIDITY_FROM_REPLY -> Validity.end(now, lease);
            case SPENT_LEASE_GRANTED -> pessimistic - now > 0 ? pessimistic : Validity.end(now, lease);
            case HELD_UNTIL_STORE_DENIES -> now + Duration.ofDays(1).toNanos();
            default -> pessimistic;
        };
    }

    private RenewOutcome unanswered() {
        switch (backend.fault()) {
            case FAILED_RENEWAL_IS_LOSS -> tellLost(LossReason.UNREACHABLE);
            case UNANSWERED_CALLED_EXPIRED -> tellLost(LossReason.EXPIRED);
            default -> {
                return RenewOutcome.UNKNOWN;
            }
        }
        return RenewOutcome.LOST;
    }

    private LossReason reason(ToyProtocol.Renewal answer, long validBefore) {
        return switch (answer) {
            case TAKEN -> LossReason.TAKEN;
            case FORCED -> LossReason.FORCED;
            case GONE, RENEWED ->
                backend.context().nanoTime() - validBefore >= 0 ? LossReason.EXPIRED : LossReason.DELETED;
        };
    }

    private void tellLost(LossReason reason) {
        GrantListener told;
        telling.lock();
        try {
            if (loss != null) {
                return;
            }
            loss = reason;
            told = listener;
        } finally {
            telling.unlock();
        }
        if (told != null) {
            told.lost(reason);
        }
    }
}
