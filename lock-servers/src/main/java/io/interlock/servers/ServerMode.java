// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import org.jspecify.annotations.Nullable;

/** Where servers run: in local processes, or in containers. */
enum ServerMode {
    PROCESS,
    DOCKER;

    /** The system property that chooses; processes unless it is set. */
    static final String KEY = "lock.tck.servers";

    /** {@return what the system property asks for} */
    static ServerMode chosen() {
        return of(System.getProperty(KEY));
    }

    /** Refuses what is misspelt: tests that run elsewhere than they were told to would prove nothing. */
    static ServerMode of(@Nullable String value) {
        if (value == null) {
            return PROCESS;
        }
        return switch (value) {
            case "process" -> PROCESS;
            case "docker" -> DOCKER;
            default -> throw new IllegalArgumentException(KEY + " = " + value + ": must be process or docker");
        };
    }
}
