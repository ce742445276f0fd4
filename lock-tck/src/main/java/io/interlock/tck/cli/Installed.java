// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;
import io.interlock.tck.reference.MemoryTckBackend;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;

/** The backends of given jars, which the thread's class loader sees until this is closed. Confined to one thread. */
final class Installed implements AutoCloseable {
    private final URLClassLoader loader;
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    /** One backend to test, not open yet. */
    record Choice(String id, Supplier<TckBackend> opening) {
        TckBackend open() {
            return opening.get();
        }
    }

    Installed(List<Path> jars) throws IOException {
        var urls = new ArrayList<URL>();
        for (Path jar : jars) {
            urls.add(url(jar));
        }
        loader = new URLClassLoader(urls.toArray(URL[]::new), Installed.class.getClassLoader());
        // here LockClient.open and the kit look for backends
        Thread.currentThread().setContextClassLoader(loader);
    }

    private static URL url(Path jar) throws NoSuchFileException, MalformedURLException {
        if (!Files.exists(jar)) {
            throw new NoSuchFileException(jar + ": there is no such jar");
        }
        return jar.toUri().toURL();
    }

    List<Choice> choose(List<String> uris) {
        var choices = new ArrayList<Choice>();
        if (uris.isEmpty()) {
            ServiceLoader.load(TckBackend.class, loader).stream()
                    .map(ServiceLoader.Provider::get)
                    .forEach(backend -> choices.add(new Choice(backend.id(), () -> backend)));
            return choices;
        }
        Set<String> taken = new HashSet<>();
        uris.forEach(uri -> choices.add(choice(uri, taken)));
        return choices;
    }

    private static Choice choice(String uri, Set<String> taken) {
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

    @Override
    public void close() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }
}
