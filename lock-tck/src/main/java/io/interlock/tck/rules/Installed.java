// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.LockConfig;
import io.interlock.spi.LockProvider;
import io.interlock.tck.run.NotVerified;
import io.interlock.tck.run.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * The provider of the backend under test, as an application finds it, and what the application configures.
 *
 * @param provider the one
 * @param settings with a {@code uri}
 */
record Installed(LockProvider provider, Map<String, String> settings) {
    /** Looks for it. */
    static Installed of(Trial trial) {
        Map<String, String> settings = trial.backend().applicationConfig();
        if (settings.isEmpty()) {
            throw new NotVerified("needs a backend that applications open by configuration");
        }
        String scheme = LockConfig.of(settings).scheme();
        return providers().stream()
                .filter(provider -> provider.schemes().contains(scheme))
                .findFirst()
                .map(provider -> new Installed(provider, settings))
                .orElseThrow(() -> new AssertionError("no provider is found for the scheme '" + scheme + "'"));
    }

    /** The classes of all providers that claim a scheme. */
    static List<String> claiming(String scheme) {
        return providers().stream()
                .filter(provider -> provider.schemes().contains(scheme))
                .map(provider -> provider.getClass().getName())
                .toList();
    }

    /** By the same two ways as the library. */
    private static List<LockProvider> providers() {
        var providers = new ArrayList<LockProvider>();
        for (var loader : List.of(
                ServiceLoader.load(LockProvider.class, LockProvider.class.getClassLoader()),
                ServiceLoader.load(LockProvider.class))) {
            for (LockProvider provider : loader) {
                if (providers.stream().noneMatch(known -> known.getClass() == provider.getClass())) {
                    providers.add(provider);
                }
            }
        }
        return providers;
    }

    /** The scheme that the backend under test is opened by. */
    String scheme() {
        return config().scheme();
    }

    /** The configuration. */
    LockConfig config() {
        return LockConfig.of(settings);
    }

    /** The settings with one that is different, wherever it was before. */
    Map<String, String> with(String key, String value) {
        var more = new HashMap<>(settings);
        more.put(key, value);
        more.put(
                "uri",
                settings.getOrDefault("uri", "")
                        .replaceAll("(?<=[?&])" + key + "=[^&]*&?", "")
                        .replaceAll("[?&]$", ""));
        return more;
    }
}
