// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The stores that {@code memory:name} shares within this JVM. Static, as the name of a store in a process must be; a
 * store goes with its last client.
 */
final class SharedStores {
    private static final ConcurrentMap<String, Shared> STORES = new ConcurrentHashMap<>();

    private record Shared(MemoryStore store, int clients) {}

    /** One client's use of a store. */
    record Loan(String name, MemoryStore store, AtomicBoolean returned) {
        void giveBack() {
            if (returned.compareAndSet(false, true)) {
                STORES.computeIfPresent(
                        name, (n, shared) -> shared.clients == 1 ? null : new Shared(shared.store, shared.clients - 1));
            }
        }
    }

    private SharedStores() {}

    static Loan borrow(String name) {
        Shared shared = STORES.compute(
                name,
                (n, present) -> present == null
                        ? new Shared(MemoryLocks.create().store(), 1)
                        : new Shared(present.store, present.clients + 1));
        return new Loan(name, shared.store, new AtomicBoolean());
    }
}
