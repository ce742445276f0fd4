// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.spi.LockProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Class loaders as application servers have them. */
final class Loaders {
    private static final String SERVICE = "META-INF/services/" + LockProvider.class.getName();

    private Loaders() {}

    /** Does something in this thread with a context class loader. */
    static <T> T in(@Nullable ClassLoader context, Callable<T> body) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(context);
        try {
            return body.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The context class loader, and in it another provider of a scheme. */
    static ClassLoader withTwin(String scheme) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return new Own(scheme, context, name -> name.equals(Twin.class.getName()), List.of(Twin.class.getName()));
    }

    /** Loads classes anew that its parent has as well, each from the parent's own bytes. */
    static final class Own extends ClassLoader {
        private final Predicate<String> anew;
        private final List<String> providers;

        Own(String name, ClassLoader parent, Predicate<String> anew, List<String> providers) {
            super(name, parent);
            this.anew = anew;
            this.providers = providers;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!anew.test(name)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) { // as ClassLoader itself does; nothing in it waits
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String resource = name.replace('.', '/') + ".class";
            try (InputStream in = bytes(resource)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }

        private @Nullable InputStream bytes(String resource) throws IOException {
            InputStream fromParent = getParent() == null ? null : getParent().getResourceAsStream(resource);
            // the kit's own classes, when its loader is not among the parents
            return fromParent == null ? Loaders.class.getModule().getResourceAsStream(resource) : fromParent;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            var found = new ArrayList<>(Collections.list(super.getResources(name)));
            if (name.equals(SERVICE) && !providers.isEmpty()) {
                found.add(inMemory(String.join("\n", providers)));
            }
            return Collections.enumeration(found);
        }

        private static URL inMemory(String text) throws IOException {
            return new URL(null, "tck:services", new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {
                            // there is nothing to connect to
                        }

                        @Override
                        public InputStream getInputStream() {
                            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                        }
                    };
                }
            });
        }
    }
}
