// SPDX-License-Identifier: Apache-2.0
/**
 * The backend without a store: {@code memory:name} for unit tests, and the reference that shows what a backend is to
 * do. {@link io.interlock.memory.MemoryLocks} lets a test lose a lease, delay renewals, or make an acquisition
 * ambiguous.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.memory;
