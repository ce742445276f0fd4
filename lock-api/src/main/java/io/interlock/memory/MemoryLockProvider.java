// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opens {@code memory:name}: clients of one name in one JVM share a store, which lives as long as one of them is open.
 * {@code memory:} alone is a store that nobody shares. Thread-safe.
 */
public final class MemoryLockProvider implements LockProvider {
    private static final String VARIANT = "fifo";

    /** For {@link java.util.ServiceLoader}. */
    public MemoryLockProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public List<ConfigOption> options() {
        return List.of();
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Map.of(VARIANT, MemoryBackend.CAPABILITIES);
    }

    @Override
    public String defaultVariant() {
        return VARIANT;
    }

    @Override
    public LockBackend open(LockConfig config) {
        String name = config.path();
        if (name.isEmpty()) {
            return new MemoryBackend(MemoryLocks.create().store(), config.namespace(), () -> {});
        }
        SharedStores.Loan loan = SharedStores.borrow(name);
        return new MemoryBackend(loan.store(), config.namespace(), loan::giveBack);
    }
}
