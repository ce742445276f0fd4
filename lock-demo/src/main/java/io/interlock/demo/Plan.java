// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.spi.LockProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Which runs there are, in order. Immutable.
 *
 * @param runs the control run first
 * @param skipped what does not run, and why
 */
record Plan(List<Run> runs, List<String> skipped) {
    /**
     * A run without a lock, then every variant of each store that its URI is good for, or the one that the URI names. Stores
     * whose titles would be the same are numbered.
     */
    static Plan of(List<String> uris) {
        var runs = new ArrayList<>(List.of(Run.control()));
        var skipped = new ArrayList<String>();
        List<Map<String, Optional<String>>> stores =
                uris.stream().map(Plan::runsOf).toList();
        for (int i = 0; i < stores.size(); i++) {
            String number = " #" + (i + 1);
            stores.get(i).forEach((title, uri) -> {
                boolean alone = stores.stream()
                                .filter(store -> store.containsKey(title))
                                .count()
                        == 1;
                String shown = alone ? title : title + number;
                uri.ifPresentOrElse(
                        known -> runs.add(Run.locked(shown, known)),
                        () -> skipped.add(shown + ": has a known hole; add allowUnsafe=true to the URI to run it"));
            });
        }
        return new Plan(List.copyOf(runs), List.copyOf(skipped));
    }

    /** The URI to run, by title, in order; empty: unsafe, and not asked for. */
    private static Map<String, Optional<String>> runsOf(String uri) {
        LockConfig config = LockConfig.of(uri);
        Optional<LockProvider> provider = provider(config.scheme());
        var runs = new LinkedHashMap<String, Optional<String>>();
        if (provider.isEmpty() || config.variant().isPresent()) {
            // an unknown scheme is refused by check(), in the library's words
            runs.put(config.scheme() + config.variant().map(v -> " " + v).orElse(""), Optional.of(uri));
            return runs;
        }
        for (String variant : new TreeSet<>(provider.get().variantsFor(config))) {
            boolean holed = provider.get().unsafeVariants().contains(variant) && !config.allowUnsafe();
            String named = uri + (uri.contains("?") ? "&" : "?") + "variant=" + variant;
            runs.put(config.scheme() + " " + variant, holed ? Optional.empty() : Optional.of(named));
        }
        return runs;
    }

    private static Optional<LockProvider> provider(String scheme) {
        return ServiceLoader.load(LockProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.schemes().contains(scheme))
                .findFirst();
    }

    /**
     * Opens every store once, so that a mistake is told at once and not after the first runs.
     *
     * @throws IllegalArgumentException if a store can't be shared by processes
     */
    void check(Load load) {
        for (Run run : runs) {
            run.uri().ifPresent(uri -> {
                if (load.workers() > 1 && LockConfig.of(uri).scheme().equals("memory")) {
                    throw new IllegalArgumentException(
                            "memory: keeps its locks inside one process; compare it with --workers 1");
                }
                LockClient.open(uri).close();
            });
        }
    }
}
