// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells from what was printed why a server did not start. */
final class StartFailure {
    private static final int LINES = 15;

    private StartFailure() {}

    /** {@return to be thrown; of its own type if the port is the reason} */
    static IllegalStateException of(String server, int port, String log, @Nullable Throwable cause) {
        String message = message(server, port, log);
        // the first is what servers and Docker print for a port of a process, the second for one of a container
        return log.contains("in use") || log.contains("port is already allocated")
                ? new PortTakenException(message, cause)
                : new IllegalStateException(message, cause);
    }

    /** {@return names the server and the port, and has the end of the log} */
    static String message(String server, int port, String log) {
        return server + " did not start on port " + port + ":\n" + tail(log);
    }

    /** {@return the last lines, for messages} */
    static String tail(String log) {
        List<String> lines = log.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
