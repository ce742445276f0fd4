// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.UnsupportedCapabilityException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One client's connection to a store. Thread-safe. Every call ends within the request's call timeout, whatever the
 * store does, and reports failures as {@link io.interlock.LockBackendException}, never as "not acquired".
 */
public interface LockBackend extends AutoCloseable {
    /**
     * Called once by the engine, before anything else.
     *
     * @param context the clock, the timer, the I/O threads and the randomness to use
     */
    void start(BackendContext context);

    /** {@return what the variant promises; constant} */
    Set<Capability> capabilities();

    /**
     * Prepares an acquisition. No I/O yet.
     *
     * @param request what is wanted
     * @param wakeUp to be run when a new attempt may succeed: a hint, never proof. Sticky, never blocks, may be run on
     *     any thread and after close
     * @return confined to one thread at a time; the engine closes it
     */
    Contender contend(LockRequest request, Runnable wakeUp);

    /**
     * Removes all that an owner id holds or queues, on every node, or blocks the id for good, so that even a command of
     * it which is still on its way can't take the lock. Repeatable; needs no contender.
     *
     * @param request the request that was sent with the id
     * @param owner the id
     * @return {@code RELEASED}: done, the engine stops; {@code NOT_HELD}: nothing was there, which proves nothing, and
     *     the engine asks again until a lease has passed; {@code UNKNOWN}: no answer, and the engine asks again
     */
    ReleaseOutcome undo(LockRequest request, OwnerId owner);

    /**
     * Renews grants. One by one, unless a backend can do better and says so with {@link #renewalBatch}.
     *
     * @param due grants of this backend
     * @param lease the new lease time, counted from before the request is sent
     * @return what the store said of each
     */
    default Map<Grant, RenewOutcome> renewAll(Collection<Grant> due, Duration lease) {
        var outcomes = new LinkedHashMap<Grant, RenewOutcome>();
        for (var grant : due) {
            outcomes.put(grant, grant.renew(lease));
        }
        return outcomes;
    }

    /** {@return how many grants one {@link #renewAll} may carry; more than 1 only if one stalled grant delays no other} */
    default int renewalBatch() {
        return 1;
    }

    /**
     * Refuses a lease time that this backend, as it is configured, can't grant or prolong by. Asked before anything is
     * sent, for each lock and each renewal by the application.
     *
     * @param lease a time within the limits of {@link io.interlock.LockOptions}
     * @throws IllegalArgumentException if it is refused; names the value and the limit
     */
    default void requireLease(Duration lease) {}

    /**
     * How long after a renewal was sent the next one is due.
     *
     * @param lease the lease time
     * @return a third of it, so that two renewals may fail
     */
    default Duration renewalInterval(Duration lease) {
        return lease.dividedBy(3);
    }

    /**
     * Asks who holds a lock. Changes nothing. Needs {@link Capability#INSPECT}.
     *
     * @param name the name of the lock
     * @return the holder, or empty if free
     */
    default Optional<HolderInfo> holder(String name) {
        throw new UnsupportedCapabilityException(Capability.INSPECT, "holder");
    }

    /**
     * Ends the grant of a token, in one atomic step. Needs {@link Capability#FORCE_RELEASE}.
     *
     * @param name the name of the lock
     * @param fencingToken the token; a grant with another one is not touched
     * @return whether that grant was there
     */
    default boolean forceRelease(String name, long fencingToken) {
        throw new UnsupportedCapabilityException(Capability.FORCE_RELEASE, "forceRelease");
    }

    /**
     * Looks whether the store is fit for locks, as it is set up now. Changes nothing; each call to the store ends within
     * the call timeout. What it can't find out, because a right is missing, is a finding too.
     *
     * @return what was found, in any order; of a backend without checks of its own, that it has none
     */
    default List<Finding> diagnose() {
        return List.of(Finding.info("this backend has no checks of its own"));
    }

    /** Ends connections and threads that are the backend's own, in bounded time. Idempotent. Never throws. */
    @Override
    void close();
}
