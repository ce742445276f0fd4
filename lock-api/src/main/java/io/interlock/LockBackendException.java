// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the store is down, full, read-only, refuses the password, or does not answer in time.
 *
 * <p>It never means "held by another". If {@link #isAmbiguous}, the request may have been carried out; the engine then
 * undoes it in the background, and the caller need do nothing.
 */
public class LockBackendException extends LockException {
    private static final long serialVersionUID = 1L;

    /** Whether the request may have been carried out. */
    private final boolean ambiguous;

    /**
     * A failure of the store.
     *
     * @param message what failed, with the store's own words
     * @param cause the store client's exception, or null
     * @param ambiguous whether the request may have been carried out all the same
     */
    public LockBackendException(String message, @Nullable Throwable cause, boolean ambiguous) {
        super(message, cause);
        this.ambiguous = ambiguous;
    }

    /** {@return whether the request may have been carried out all the same} */
    public boolean isAmbiguous() {
        return ambiguous;
    }
}
