// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;
import io.interlock.tck.reference.MemoryTckBackend;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;

/** One backend to test, not open yet. */
record Choice(String id, Supplier<TckBackend> opening) {
    /** {@return those of the URIs, or without any the backends that are installed} */
    static List<Choice> of(List<String> uris) {
        if (uris.isEmpty()) {
            return ServiceLoader.load(TckBackend.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .map(backend -> new Choice(backend.id(), () -> backend))
                    .toList();
        }
        Set<String> taken = new HashSet<>();
        return uris.stream().map(uri -> of(uri, taken)).toList();
    }

    private static Choice of(String uri, Set<String> taken) {
        LockConfig config = LockConfig.of(uri);
        String base =
                config.scheme() + config.variant().map(variant -> "-" + variant).orElse("");
        String id = base;
        for (int i = 2; !taken.add(id); i++) {
            id = base + "-" + i;
        }
        String name = id;
        return new Choice(name, () -> config.scheme().equals("memory") ? memory(config) : UriTckBackend.of(name, uri));
    }

    /** Each client of "memory:" would have a store of its own, so the URI is only proved to be right. */
    private static TckBackend memory(LockConfig config) {
        LockClient.open(config).close();
        return new MemoryTckBackend();
    }

    TckBackend open() {
        return opening.get();
    }
}
