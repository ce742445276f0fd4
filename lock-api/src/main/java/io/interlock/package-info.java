// SPDX-License-Identifier: Apache-2.0
/**
 * What applications import: open a {@link io.interlock.LockClient} by URI, name a
 * {@link io.interlock.DistributedLock}, hold a {@link io.interlock.Lease}.
 *
 * <p>The backend behind the URI is found with {@link java.util.ServiceLoader} and can be swapped by changing the URI
 * alone. Everything that is the same for every backend (waiting, renewal, loss, undo, async, the
 * {@link java.util.concurrent.locks.Lock} view) is done once, by the engine behind this package.
 */
@org.jspecify.annotations.NullMarked
package io.interlock;
