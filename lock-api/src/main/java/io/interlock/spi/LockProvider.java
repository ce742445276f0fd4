// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.Capability;
import io.interlock.LockConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A backend's entry, found with {@link java.util.ServiceLoader}. Being loaded must connect to nothing and start no
 * thread. Thread-safe.
 */
public interface LockProvider {
    /** {@return the URI schemes, in lower case, that this backend answers to; unique over all installed backends} */
    Set<String> schemes();

    /** {@return the settings that this backend knows beside the engine's own; all others are refused} */
    List<ConfigOption> options();

    /** {@return what each variant declares, by the variant's name} */
    Map<String, Set<Capability>> variants();

    /** {@return the variant that is used unless the configuration names one} */
    String defaultVariant();

    /**
     * The variants that a configuration could name, for tools that try them all: not every one works with any number of
     * servers. Connects to nothing.
     *
     * @param config has one of the schemes, and no variant
     * @return some of the names in {@link #variants}; all unless overridden
     */
    default Set<String> variantsFor(LockConfig config) {
        return variants().keySet();
    }

    /** {@return the variants with a known hole, which are refused without {@code allowUnsafe=true}} */
    default Set<String> unsafeVariants() {
        return Set.of();
    }

    /**
     * Connects. Everything that can be checked without the store is checked before anything is sent.
     *
     * @param config has one of the schemes, known keys only, and a known variant
     * @return a backend that can reach its store, for one client
     * @throws io.interlock.LockConfigException if a value is malformed or out of bounds
     * @throws io.interlock.LockBackendException if the store can't be reached or refuses the credentials
     */
    LockBackend open(LockConfig config);
}
