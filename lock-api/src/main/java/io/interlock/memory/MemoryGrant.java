// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What one client knows of its entry. Thread-safe. */
final class MemoryGrant implements Grant {
    private final MemoryBackend backend;
    private final MemoryStore.Key key;
    private final OwnerId owner;
    private final long token;
    private final ReentrantLock lock = new ReentrantLock(); // held for a few instructions only
    private volatile long validUntil;
    private @Nullable GrantListener listener; // guarded by lock
    private @Nullable LossReason loss; // guarded by lock

    MemoryGrant(MemoryBackend backend, MemoryStore.Key key, OwnerId owner, long token) {
        this.backend = backend;
        this.key = key;
        this.owner = owner;
        this.token = token;
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

    void validUntil(long nanos) {
        validUntil = nanos;
    }

    @Override
    public RenewOutcome renew(Duration lease) {
        MemoryStore store = backend.store();
        long sent = backend.nanoTime();
        if (store.faults().isDown() || store.faults().renewalsDelayed()) {
            return RenewOutcome.UNKNOWN;
        }
        store.faults().command();
        Optional<LossReason> lost = store.renew(key, owner, lease);
        if (lost.isEmpty()) {
            validUntil = Validity.end(sent, lease);
            return RenewOutcome.RENEWED;
        }
        tellLost(lost.get());
        return RenewOutcome.LOST;
    }

    @Override
    public ReleaseOutcome release() {
        MemoryStore store = backend.store();
        if (store.faults().isDown()) {
            return ReleaseOutcome.UNKNOWN;
        }
        store.faults().command();
        boolean released = store.release(key, owner);
        if (store.faults().takeReleaseReply()) {
            return ReleaseOutcome.UNKNOWN;
        }
        return released ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
    }

    @Override
    public void watch(GrantListener watcher) {
        LossReason already;
        lock.lock();
        try {
            listener = watcher;
            already = loss;
        } finally {
            lock.unlock();
        }
        if (already != null) {
            watcher.lost(already);
        }
    }

    /** Tells the engine, now or as soon as it watches. */
    void tellLost(LossReason reason) {
        GrantListener told;
        lock.lock();
        try {
            loss = reason;
            told = listener;
        } finally {
            lock.unlock();
        }
        if (told != null) {
            told.lost(reason);
        }
    }
}
