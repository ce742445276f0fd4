// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Unix signals, which Java has no call for. */
final class Signals {
    private Signals() {}

    /** Sends a signal with the {@code kill} command. */
    static void send(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kill.getInputStream().readAllBytes(), java.nio.charset.Charset.defaultCharset());
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + signal + " " + pid + " failed: " + said.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill -" + signal + " could not be run; signals need a Unix system", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal + " to pid " + pid, e);
        }
    }

    /** {@return whether a process stands still; true where the system does not tell} */
    static boolean isStopped(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            // "pid (name) state …", and the name may have any character
            String text = Files.readString(stat);
            return text.charAt(text.lastIndexOf(')') + 2) == 'T';
        } catch (IOException noSuchFile) {
            return true;
        }
    }
}
