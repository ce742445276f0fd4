// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Capability;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The engine's door: from a configuration, or a backend, to a client. Everything is checked before anything is sent. */
public final class LockEngine {
    private LockEngine() {}

    /**
     * Opens the backend that a configuration names.
     *
     * @param config has a URI
     * @return a connected client
     */
    public static LockClient open(LockConfig config) {
        LockProvider provider = Providers.find(config.scheme());
        checkKeys(config, provider.options(), "scheme '" + config.scheme() + "'");
        provider.options().forEach(config::value);
        String variant = chooseVariant(config, provider);
        checkRequired(config, provider.variants().getOrDefault(variant, Set.of()), provider.variants());
        return start(() -> provider.open(config), config, EngineRuntime.create());
    }

    /**
     * Takes a backend that is open.
     *
     * @param backend not used by another client
     * @param settings the engine's settings
     * @return a client
     */
    public static LockClient of(LockBackend backend, LockConfig settings) {
        if (settings.hasUri()) {
            throw new LockConfigException("uri: has no place beside a backend of your own");
        }
        checkKeys(settings, List.of(), "a backend of your own");
        checkRequired(settings, backend.capabilities(), Map.of());
        return start(() -> backend, settings, EngineRuntime.create());
    }

    /** The common end, and where tests come in. */
    static EngineClient start(Supplier<LockBackend> opener, LockConfig config, EngineRuntime runtime) {
        var own = config.callbackExecutor()
                .map(executor -> new EngineRuntime(
                        runtime.time(), runtime.pools().withCallbacks(executor), runtime.jitter(), runtime.ids()))
                .orElse(runtime);
        try {
            return started(opener.get(), config, own);
        } catch (RuntimeException | Error failed) {
            own.close();
            throw failed;
        }
    }

    private static EngineClient started(LockBackend backend, LockConfig config, EngineRuntime runtime) {
        try {
            backend.start(runtime);
            return new EngineClient(backend, config, runtime);
        } catch (RuntimeException | Error failed) {
            backend.close();
            throw failed;
        }
    }

    private static void checkKeys(LockConfig config, List<ConfigOption> options, String of) {
        var known = new TreeSet<String>();
        LockConfig.engineOptions().forEach(option -> known.add(option.key()));
        options.forEach(option -> known.add(option.key()));
        for (String key : new TreeSet<>(config.keys())) {
            if (!known.contains(key)) {
                throw new LockConfigException(key + ": unknown setting of " + of + "; known are " + known);
            }
        }
    }

    private static String chooseVariant(LockConfig config, LockProvider provider) {
        String variant = config.variant().orElse(provider.defaultVariant());
        if (!provider.variants().containsKey(variant)) {
            throw new LockConfigException("variant = " + variant + ": unknown; scheme '" + config.scheme() + "' has "
                    + new TreeSet<>(provider.variants().keySet()));
        }
        if (provider.unsafeVariants().contains(variant) && !config.allowUnsafe()) {
            throw new LockConfigException("variant = " + variant
                    + ": is unsafe and refused; take another, or say allowUnsafe=true for a demonstration");
        }
        return variant;
    }

    private static void checkRequired(
            LockConfig config, Set<Capability> declared, Map<String, Set<Capability>> variants) {
        var missing = EnumSet.noneOf(Capability.class);
        missing.addAll(config.required());
        missing.removeAll(declared);
        if (missing.isEmpty()) {
            return;
        }
        var able = new TreeSet<String>();
        variants.forEach((name, has) -> {
            if (has.containsAll(config.required())) {
                able.add(name);
            }
        });
        throw new LockConfigException("required " + missing + " is not declared; "
                + (able.isEmpty() ? "no variant of this backend declares it" : "variants that declare it: " + able));
    }
}
