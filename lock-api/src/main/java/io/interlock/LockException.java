// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import org.jspecify.annotations.Nullable;

/** The root of what this library throws, except argument errors and {@link UnsupportedCapabilityException}. */
public class LockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a cause.
     *
     * @param message what happened, to which lock, and what to do
     * @param cause the reason, or null
     */
    public LockException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
