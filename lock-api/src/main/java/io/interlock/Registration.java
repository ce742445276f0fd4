// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** A listener's place in a list, left by {@link #close}. Thread-safe; closing again does nothing. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    /** Takes the listener off the list. An event that is under way may still be delivered. */
    @Override
    void close();
}
