// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.io.IOException;

/** Thrown when a file is no history; the message names the line. */
public final class HistoryFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    HistoryFormatException(long line, String what, Throwable cause) {
        super("line " + line + ": " + what, cause);
    }
}
