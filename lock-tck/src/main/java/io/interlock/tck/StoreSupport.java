// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.LockConfig;
import java.util.Optional;
import java.util.Set;

/**
 * What the kit needs to know of one kind of store beyond its URI; found by {@link java.util.ServiceLoader}. With it,
 * {@link UriTckBackend} looks into the store and tells commands apart. Thread-safe.
 */
public interface StoreSupport {
    /** {@return the URI schemes that it is for} */
    Set<String> schemes();

    /** {@return the port of a URI that names none} */
    int defaultPort();

    /**
     * The bounds of a variant.
     *
     * @param config the store's
     * @return what its documentation promises
     */
    Timing timing(LockConfig config);

    /**
     * Connects to a store.
     *
     * @param config where it is
     * @return a look into it
     */
    StoreInspector inspector(LockConfig config);

    /**
     * Asks a store for its name and version.
     *
     * @param config where it is
     * @return such as {@code Redis 7.0.15}
     */
    String server(LockConfig config);

    /**
     * The language that clients speak to the store.
     *
     * @param config the store's
     * @return empty if the kit can't tell commands apart
     */
    Optional<WireFormat> wireFormat(LockConfig config);
}
