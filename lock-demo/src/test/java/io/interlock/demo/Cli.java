// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** One command, run in this process; its workers are processes all the same. */
record Cli(int exitCode, String out, String err) {
    static Cli run(String... args) {
        return runWithInput("", args);
    }

    static Cli runWithInput(String typed, String... args) {
        var in = new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine command = Main.commandLine(in).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = command.execute(args);
        return new Cli(exitCode, out.toString(), err.toString());
    }

    /** The failure is told in one line, with the words, and without a stack trace. */
    void assertRefused(int expectedExitCode, String... words) {
        assertThat(exitCode).as(err).isEqualTo(expectedExitCode);
        assertThat(out).isEmpty();
        assertThat(err.lines().findFirst())
                .hasValueSatisfying(
                        line -> assertThat(line).startsWith("interlock: ").contains(words));
        assertThat(err.lines()).hasSizeLessThanOrEqualTo(expectedExitCode);
    }

    /** The cells of the table's row that begins with a title. */
    String[] row(String title) {
        String line = out.lines()
                .filter(l -> l.startsWith(title + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row '" + title + "' in\n" + out + err));
        return line.substring(title.length()).strip().split(" +", -1);
    }
}
