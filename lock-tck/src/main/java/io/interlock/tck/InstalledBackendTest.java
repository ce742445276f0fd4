// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The rules against the backend on the class path: for Surefire's {@code dependenciesToScan}, without a line of code.
 *
 * <p>The system property {@code lock.tck.uri} says which store to test; without it, the {@link TckBackend} that {@link
 * ServiceLoader} finds is tested, and if there are several, the one whose id {@code lock.tck.backend} names.
 */
public final class InstalledBackendTest extends LockTck {
    /** For JUnit. */
    public InstalledBackendTest() {}

    @Override
    protected TckBackend backend() {
        String uri = System.getProperty("lock.tck.uri");
        if (uri != null) {
            return UriTckBackend.of(System.getProperty("lock.tck.backend", "uri"), uri);
        }
        return choose(
                ServiceLoader.load(TckBackend.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList(),
                System.getProperty("lock.tck.backend", ""));
    }

    static TckBackend choose(List<TckBackend> installed, String id) {
        var chosen = installed.stream()
                .filter(backend -> id.isEmpty() || backend.id().equals(id))
                .toList();
        installed.stream().filter(backend -> !chosen.contains(backend)).forEach(TckBackend::close);
        if (chosen.size() == 1) {
            return chosen.get(0);
        }
        chosen.forEach(TckBackend::close);
        String ids = installed.stream().map(TckBackend::id).sorted().collect(Collectors.joining(", ", "[", "]"));
        throw new IllegalStateException("lock.tck.backend = '" + id + "': must name one of the installed backends "
                + ids + ", or lock.tck.uri a store");
    }
}
