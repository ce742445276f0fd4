// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A second backend that claims the scheme by whose name its class loader goes; see {@link Loaders#withTwin}. */
public final class Twin implements LockProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Twin() {}

    @Override
    public Set<String> schemes() {
        return Set.of(String.valueOf(getClass().getClassLoader().getName()));
    }

    @Override
    public List<ConfigOption> options() {
        return List.of();
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Map.of("twin", Set.of());
    }

    @Override
    public String defaultVariant() {
        return "twin";
    }

    @Override
    public LockBackend open(LockConfig config) {
        throw new LockConfigException("a twin can't be opened");
    }
}
