// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A grant that ends by itself in the store unless it is renewed. Counts validity pessimistically whatever becomes of a
 * reply, has one renewal after the other, and tells a loss once; a subclass asks the store. Thread-safe, if the subclass
 * is.
 */
public abstract class LeasedGrant implements Grant {
    private final BackendContext context;
    private final OwnerId owner;
    private final long fencingToken;

    /** Keeps renewals in one order, so that validity follows the expiry that the store set last. */
    private final ReentrantLock renewing = new ReentrantLock();

    private volatile long validUntil; // written under renewing

    private final ReentrantLock telling = new ReentrantLock();
    private @Nullable GrantListener listener; // guarded by telling
    private @Nullable LossReason loss; // guarded by telling

    /**
     * A new grant.
     *
     * @param context whose clock counts
     * @param owner the id that holds the entry in the store
     * @param fencingToken the first token of the request's block; 0 if there is none
     * @param validUntil as {@link Validity#end} has it, in nanoseconds on the context's clock
     */
    protected LeasedGrant(BackendContext context, OwnerId owner, long fencingToken, long validUntil) {
        this.context = context;
        this.owner = owner;
        this.fencingToken = fencingToken;
        this.validUntil = validUntil;
    }

    /**
     * Asks the store to prolong the grant, as {@link #renew} says. No other call of it runs meanwhile.
     *
     * @param lease the new lease time
     * @param validBefore until when the grant was valid before this, in nanoseconds on the context's clock
     * @return what the store said; {@link #lost} and {@link #gone} make it of a loss
     * @throws io.interlock.LockBackendException if the store does not answer, which counts as {@code UNKNOWN}
     * @throws InterruptedException if the thread was interrupted, which counts as {@code UNKNOWN}; it stays interrupted
     */
    protected abstract RenewOutcome renewInStore(Duration lease, long validBefore) throws InterruptedException;

    /**
     * Asks the store to end the grant, as {@link #release} says.
     *
     * @return what the store said
     * @throws io.interlock.LockBackendException if the store does not answer, which counts as {@code UNKNOWN}
     * @throws InterruptedException if the thread was interrupted, which counts as {@code UNKNOWN}; it stays interrupted
     */
    protected abstract ReleaseOutcome releaseInStore() throws InterruptedException;

    @Override
    public final OwnerId owner() {
        return owner;
    }

    @Override
    public final long fencingToken() {
        return fencingToken;
    }

    @Override
    public final long validUntil() {
        return validUntil;
    }

    @Override
    public final RenewOutcome renew(Duration lease) {
        renewing.lock();
        try {
            long before = validUntil;
            long end = Validity.end(context.nanoTime(), lease);
            if (end - before < 0) {
                // a shorter lease counts even if its reply is lost
                validUntil = end;
            }
            RenewOutcome outcome = Unanswered.orElse(RenewOutcome.UNKNOWN, () -> renewInStore(lease, before));
            if (outcome == RenewOutcome.RENEWED) {
                validUntil = end;
            }
            return outcome;
        } finally {
            renewing.unlock();
        }
    }

    @Override
    public final ReleaseOutcome release() {
        return Unanswered.orElse(ReleaseOutcome.UNKNOWN, this::releaseInStore);
    }

    @Override
    public final void watch(GrantListener listener) {
        telling.lock();
        try {
            this.listener = listener;
            if (loss != null) {
                listener.lost(loss);
            }
        } finally {
            telling.unlock();
        }
    }

    /**
     * Tells the listener why the grant is lost, now or as soon as there is one; only the first reason counts.
     *
     * @param reason what became of the grant
     * @return {@code LOST}
     */
    protected final RenewOutcome lost(LossReason reason) {
        telling.lock();
        try {
            if (loss == null) {
                loss = reason;
                if (listener != null) {
                    listener.lost(reason);
                }
            }
        } finally {
            telling.unlock();
        }
        return RenewOutcome.LOST;
    }

    /**
     * The same where the store only knows that the entry is gone: it went by itself if its time was over, and else
     * somebody deleted it.
     *
     * @param validBefore as {@link #renewInStore} got it
     * @return {@code LOST}
     */
    protected final RenewOutcome gone(long validBefore) {
        return lost(isPast(validBefore) ? LossReason.EXPIRED : LossReason.DELETED);
    }

    /**
     * Whether a moment has come.
     *
     * @param nanos on the context's clock
     * @return whether it is not in the future
     */
    protected final boolean isPast(long nanos) {
        return context.nanoTime() - nanos >= 0;
    }
}
