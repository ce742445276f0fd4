// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.util.Optional;

/**
 * One line of the comparison. Immutable.
 *
 * @param title what people call it
 * @param uri the store and the variant; empty in the control run, which takes no lock
 */
record Run(String title, Optional<String> uri) {
    static Run control() {
        return new Run("no lock", Optional.empty());
    }

    static Run locked(String title, String uri) {
        return new Run(title, Optional.of(uri));
    }

    boolean isControl() {
        return uri.isEmpty();
    }

    /** Without the URI, which may have a password. */
    @Override
    public String toString() {
        return title;
    }
}
