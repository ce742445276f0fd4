// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.LockProvider;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import io.interlock.tck.reference.MemoryTckBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The reference backend with a provider of its own, which is found in the context class loader of the thread that makes
 * this, as a server's is. A store that listens on a port counts who connects to it.
 */
final class ProviderMutant implements TckBackend {
    private final MemoryLocks locks = MemoryLocks.create();
    private final StoreInspector inspector;
    private final ServerSocket store;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final Path services;

    ProviderMutant(Class<? extends LockProvider> provider) {
        try {
            store = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            System.setProperty(MutantProviders.PORT, String.valueOf(store.getLocalPort()));
            services = Files.createTempDirectory("tck-services");
            Path file = services.resolve("META-INF/services/" + LockProvider.class.getName());
            Files.createDirectories(file.getParent());
            Files.writeString(file, provider.getName());
            Thread.currentThread()
                    .setContextClassLoader(new URLClassLoader(
                            new URL[] {services.toUri().toURL()}, getClass().getClassLoader()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inspector = new ForwardingInspector(MemoryTckBackend.inspectorOf(locks)) {
            @Override
            public int connections() {
                return connections.size();
            }
        };
        var accepting = new Thread(this::accept, "tck-mutant-store");
        accepting.setDaemon(true);
        accepting.start();
    }

    private void accept() {
        try {
            while (true) {
                connections.add(store.accept());
            }
        } catch (IOException closed) {
            // the end
        }
    }

    @Override
    public String id() {
        return "mutant";
    }

    @Override
    public LockClient newClient(ClientSpec spec) {
        LockConfig config = spec.config();
        return LockClient.of(locks.backend(config.namespace()), config);
    }

    @Override
    public Map<String, String> applicationConfig() {
        return Map.of("uri", MutantProviders.SCHEME + ":" + store.getLocalPort());
    }

    @Override
    public Optional<StoreInspector> store() {
        return Optional.of(inspector);
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(before);
        try {
            for (Socket connection : connections) {
                connection.close();
            }
            store.close();
            try (var files = Files.walk(services)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
