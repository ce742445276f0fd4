// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;

/** Runs a program that ends by itself, such as an installer. */
final class Programs {
    /** As input. */
    static final Path NOTHING = Path.of("/dev/null");

    private Programs() {}

    static void run(String purpose, List<String> command) throws IOException {
        run(purpose, command, NOTHING);
    }

    /**
     * Runs a program to its end.
     *
     * @param purpose for the message
     * @param input what it reads
     * @throws IOException if it does not start or fails; the message has the end of what it printed
     */
    static void run(String purpose, List<String> command, Path input) throws IOException {
        Process program = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(program.getInputStream().readAllBytes(), Charset.defaultCharset());
            if (program.waitFor() != 0) {
                throw new IOException(purpose + " failed:\n" + StartFailure.tail(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + purpose, e);
        } finally {
            program.destroyForcibly();
        }
    }
}
