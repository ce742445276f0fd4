// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import org.jspecify.annotations.Nullable;

/**
 * The work that {@link DistributedLock#call} does under a lock.
 *
 * @param <T> what the work gives back
 * @param <X> the checked exception that the work may throw
 */
@FunctionalInterface
public interface LockedBody<T extends @Nullable Object, X extends Exception> {
    /**
     * Runs once, on the caller's thread, while the lease is held.
     *
     * @param lease the lease; pass {@link Lease#fencingToken} on to the protected resource
     * @return the result of {@link DistributedLock#call}
     * @throws X as the work needs
     */
    T run(Lease lease) throws X;
}
