// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import org.jspecify.annotations.Nullable;

/** Thrown when a setting is unknown, malformed or out of bounds, or a required capability is missing. */
public class LockConfigException extends LockException {
    private static final long serialVersionUID = 1L;

    /**
     * A bad setting.
     *
     * @param message the key, the value and the limit; never a secret
     */
    public LockConfigException(String message) {
        this(message, null);
    }

    /**
     * A bad setting, with the parser's exception.
     *
     * @param message the key, the value and the limit; never a secret
     * @param cause the parser's exception, or null
     */
    public LockConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
