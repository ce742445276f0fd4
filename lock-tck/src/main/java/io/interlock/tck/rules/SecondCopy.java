// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.spi.LockProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The library and the backend's provider, loaded once more by a class loader of their own. Spoken to by reflection. */
final class SecondCopy {
    private static final String LIBRARY = LockClient.class.getPackageName() + ".";

    private final Installed original;
    private final String provider;
    private final ClassLoader loader;

    SecondCopy(Installed original) {
        this.original = original;
        provider = original.provider().getClass().getPackageName() + ".";
        loader = new Loaders.Own("second-copy", whereItIs(original.provider().getClass()), this::isAnew, List.of());
    }

    /** The context class loader if it was found there; it may have more than the class's own. */
    private static ClassLoader whereItIs(Class<?> provider) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        try {
            return context != null && context.loadClass(provider.getName()) == provider
                    ? context
                    : provider.getClassLoader();
        } catch (ClassNotFoundException elsewhere) {
            return provider.getClassLoader();
        }
    }

    private boolean isAnew(String name) {
        return name.startsWith(provider) || name.startsWith(LIBRARY);
    }

    /** Loads all providers that there are, and asks them what the library asks before it opens one. */
    int discover() throws Exception {
        Class<?> service = loader.loadClass(LockProvider.class.getName());
        int mine = 0;
        for (Object found : ServiceLoader.load(service, loader)) {
            for (String question :
                    new String[] {"schemes", "options", "variants", "defaultVariant", "unsafeVariants"}) {
                Expect.done(
                        question + "() of " + found.getClass().getName(),
                        () -> service.getMethod(question).invoke(found));
            }
            mine += found.getClass()
                            .getName()
                            .equals(original.provider().getClass().getName())
                    ? 1
                    : 0;
        }
        Expect.that(mine == 1, "a second copy of the library finds " + mine + " providers of this backend");
        return mine;
    }

    /** Opens a client of this copy. */
    AutoCloseable open() throws Exception {
        Class<?> config = loader.loadClass(LockConfig.class.getName());
        Object made = config.getMethod("of", Map.class).invoke(null, original.settings());
        Class<?> client = loader.loadClass(LockClient.class.getName());
        return Loaders.in(
                loader, () -> (AutoCloseable) client.getMethod("open", config).invoke(null, made));
    }

    /** Whether a client of this copy is granted a lock. */
    boolean holdsAndReleases(AutoCloseable client, String name) throws Exception {
        Class<?> locks = loader.loadClass(DistributedLock.class.getName());
        Object lock = loader.loadClass(LockClient.class.getName())
                .getMethod("lock", String.class)
                .invoke(client, name);
        Optional<?> lease = (Optional<?>) locks.getMethod("tryAcquire").invoke(lock);
        if (lease.isPresent()) {
            ((AutoCloseable) lease.get()).close();
        }
        return lease.isPresent();
    }
}
