// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.LockBackendException;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.Validity;
import org.jspecify.annotations.Nullable;

/** A contender, and its place in the store's queue, which keeps the id that it was taken with. */
final class MemoryContender implements Contender {
    private final MemoryBackend backend;
    private final MemoryStore.Key key;
    private final LockRequest request;
    private final Runnable wakeUp;
    private @Nullable OwnerId place; // guarded by the store's lock

    MemoryContender(MemoryBackend backend, MemoryStore.Key key, LockRequest request, Runnable wakeUp) {
        this.backend = backend;
        this.key = key;
        this.request = request;
        this.wakeUp = wakeUp;
    }

    @Override
    public Attempt attempt(OwnerId owner) {
        MemoryStore store = backend.store();
        long sent = backend.nanoTime();
        store.faults().command();
        store.faults().maybeLoseRequest();
        MemoryStore.Answer answer = store.acquire(this, owner);
        try {
            store.faults().maybeLoseReply();
        } catch (LockBackendException lost) {
            store.leave(this, owner);
            throw lost;
        }
        if (answer instanceof MemoryStore.Answer.Held held) {
            return new Attempt.Refused(held.left(), held.holder());
        }
        store.delivered(this);
        MemoryGrant grant = ((MemoryStore.Answer.Taken) answer).grant();
        grant.validUntil(Validity.end(sent, request.lease()));
        return new Attempt.Granted(grant);
    }

    @Override
    public void close() {
        backend.store().leave(this);
    }

    MemoryBackend backend() {
        return backend;
    }

    MemoryStore.Key key() {
        return key;
    }

    LockRequest request() {
        return request;
    }

    Runnable wakeUp() {
        return wakeUp;
    }

    /** The id of the place in the queue; null if there is none. */
    @Nullable
    OwnerId place() {
        return place;
    }

    void place(@Nullable OwnerId id) {
        place = id;
    }

    /** Gives the place up if it has this id; called under the store's lock. */
    boolean lose(OwnerId id) {
        boolean ours = id.equals(place);
        if (ours) {
            place = null;
        }
        return ours;
    }
}
