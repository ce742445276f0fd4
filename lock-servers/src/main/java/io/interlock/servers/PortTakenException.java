// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import org.jspecify.annotations.Nullable;

/** Somebody was quicker on the port. */
final class PortTakenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    PortTakenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
