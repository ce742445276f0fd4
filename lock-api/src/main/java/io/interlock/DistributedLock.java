// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A named mutual-exclusion resource in a store. Holds no state: two objects of one name are the same lock. Immutable
 * and thread-safe.
 *
 * <p>Not reentrant: a second acquisition by a holder waits like anybody else's. Reentrancy is in {@link #asLock} alone.
 *
 * <p>Every method that acquires throws {@link LockBackendException} if the store fails, and
 * {@link IllegalStateException} once the client is closed. Waits end by {@link InterruptedException} within a moment
 * and leave nothing behind. A timed wait may end up to one call timeout late if the store does not answer.
 */
public interface DistributedLock {
    /** {@return the name, as given} */
    String name();

    /**
     * One attempt: never queues, never subscribes. The interrupt flag is left as it is.
     *
     * @return the lease, or empty if another holds the lock
     */
    Optional<Lease> tryAcquire();

    /**
     * Attempts until granted or the wait is over; at least once.
     *
     * @param maxWait how long to wait, not negative; zero makes one attempt
     * @return the lease, or empty if another still held the lock
     * @throws InterruptedException if interrupted before or while waiting
     */
    Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException;

    /**
     * Waits without limit, except that a store which fails for longer than the outage limit ends the wait.
     *
     * @return the lease
     * @throws InterruptedException if interrupted before or while waiting
     */
    Lease acquire() throws InterruptedException;

    /**
     * Waits until granted or the wait is over.
     *
     * @param maxWait how long to wait, not negative; zero makes one attempt
     * @return the lease
     * @throws LockTimeoutException if another still held the lock; it names the holder
     * @throws InterruptedException if interrupted before or while waiting
     */
    Lease acquire(Duration maxWait) throws InterruptedException;

    /**
     * As {@link #acquire()}, without a thread of the caller. {@link CompletableFuture#cancel} ends the wait; a grant
     * that comes with or after the cancellation is given back.
     *
     * @return completes on the client's callback executor; exceptionally with what {@link #acquire()} throws
     */
    CompletableFuture<Lease> acquireAsync();

    /**
     * As {@link #acquire(Duration)}, without a thread of the caller.
     *
     * @param maxWait how long to wait, not negative; zero makes one attempt
     * @return completes on the client's callback executor; exceptionally with what {@link #acquire(Duration)} throws
     */
    CompletableFuture<Lease> acquireAsync(Duration maxWait);

    /**
     * Acquires without limit, runs the body, and releases on every way out.
     *
     * @param body the work
     * @param <T> what it gives back
     * @param <X> its checked exception
     * @return what the body gave back
     * @throws X from the body; if the lease was lost meanwhile, with a {@link LeaseLostException} suppressed in it
     * @throws LeaseLostException if the body ended well but the lease was lost meanwhile
     * @throws InterruptedException if interrupted before or while waiting for the lock
     */
    <T extends @Nullable Object, X extends Exception> T call(LockedBody<T, X> body) throws X, InterruptedException;

    /** {@return the thread-bound, reentrant view of this object; always the same one} */
    LockView asLock();
}
