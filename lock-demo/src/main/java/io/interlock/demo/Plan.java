// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.spi.LockProvider;
import java.util.ArrayList;
import java.util.List;
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
    /** A run without a lock, then every variant of each store, or the one that its URI names. */
    static Plan of(List<String> uris) {
        var runs = new ArrayList<>(List.of(Run.control()));
        var skipped = new ArrayList<String>();
        for (int i = 0; i < uris.size(); i++) {
            String mark = uris.size() == 1 ? "" : " #" + (i + 1);
            addRuns(uris.get(i), mark, runs, skipped);
        }
        return new Plan(List.copyOf(runs), List.copyOf(skipped));
    }

    private static void addRuns(String uri, String mark, List<Run> runs, List<String> skipped) {
        LockConfig config = LockConfig.of(uri);
        Optional<LockProvider> provider = provider(config.scheme());
        if (provider.isEmpty() || config.variant().isPresent()) {
            // an unknown scheme is refused by check(), in the library's words
            runs.add(Run.locked(
                    config.scheme() + config.variant().map(v -> " " + v).orElse("") + mark, uri));
            return;
        }
        for (String variant : new TreeSet<>(provider.get().variants().keySet())) {
            String title = config.scheme() + " " + variant + mark;
            if (provider.get().unsafeVariants().contains(variant) && !config.allowUnsafe()) {
                skipped.add(title + ": has a known hole; add allowUnsafe=true to the URI to run it");
            } else {
                runs.add(Run.locked(title, uri + (uri.contains("?") ? "&" : "?") + "variant=" + variant));
            }
        }
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
