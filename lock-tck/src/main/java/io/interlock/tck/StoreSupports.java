// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds the installed store supports. */
final class StoreSupports {
    private StoreSupports() {}

    static Optional<StoreSupport> find(String scheme) {
        List<StoreSupport> found = new ArrayList<>();
        // by the kit's class loader first, then by the thread's, where a build tool may keep the backends
        collect(ServiceLoader.load(StoreSupport.class, StoreSupport.class.getClassLoader()), scheme, found);
        collect(ServiceLoader.load(StoreSupport.class), scheme, found);
        if (found.size() > 1) {
            throw new IllegalStateException("uri scheme '" + scheme + "': more than one store support claims it: "
                    + found.stream()
                            .map(one -> one.getClass().getName())
                            .sorted()
                            .toList());
        }
        return found.stream().findFirst();
    }

    private static void collect(ServiceLoader<StoreSupport> loader, String scheme, List<StoreSupport> found) {
        for (StoreSupport support : loader) {
            boolean known = found.stream().anyMatch(one -> one.getClass() == support.getClass());
            if (!known && support.schemes().contains(scheme)) {
                found.add(support);
            }
        }
    }
}
