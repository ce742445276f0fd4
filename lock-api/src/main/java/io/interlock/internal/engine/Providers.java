// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.LockConfigException;
import io.interlock.spi.LockProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the installed backends. */
final class Providers {
    private static final Logger log = LoggerFactory.getLogger(Providers.class);

    private Providers() {}

    static LockProvider find(String scheme) {
        var installed = new TreeSet<String>();
        var found = new ArrayList<LockProvider>();
        for (LockProvider provider : load()) {
            installed.addAll(provider.schemes());
            if (provider.schemes().contains(scheme)) {
                found.add(provider);
            }
        }
        if (found.isEmpty()) {
            throw new LockConfigException(
                    "uri scheme '" + scheme + "': no backend is installed for it; installed are " + installed);
        }
        if (found.size() > 1) {
            throw new LockConfigException("uri scheme '" + scheme + "': more than one backend claims it: "
                    + found.stream().map(p -> p.getClass().getName()).sorted().toList());
        }
        return found.get(0);
    }

    /** By this library's class loader first, then by the thread's, where an application server keeps its backends. */
    private static List<LockProvider> load() {
        var providers = new ArrayList<LockProvider>();
        collect(ServiceLoader.load(LockProvider.class, LockProvider.class.getClassLoader()), providers);
        collect(ServiceLoader.load(LockProvider.class), providers);
        return providers;
    }

    private static void collect(ServiceLoader<LockProvider> loader, List<LockProvider> providers) {
        var found = loader.iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    return;
                }
                LockProvider provider = found.next();
                if (providers.stream().noneMatch(known -> known.getClass() == provider.getClass())) {
                    providers.add(provider);
                }
            } catch (ServiceConfigurationError broken) { // one bad jar must not take the other backends away
                log.warn("a backend could not be loaded", broken);
            }
        }
    }
}
