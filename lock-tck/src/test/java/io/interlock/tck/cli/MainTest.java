// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nosuch://me:hush@127.0.0.1:1/0",
                "nosuch://me:hu@sh@127.0.0.1:1/0",
                "nosuch://127.0.0.1:1/0?password=hush",
                "memory:x?secret=hush",
                "not a uri ://me:hush@x"
            })
    void aUriThatCannotBeOpenedIsTwoAndItsPasswordUntold(String uri) {
        assertThat(run("--uri", uri, "--rules", "1.01", "--verbose")).isEqualTo(2);
        assertThat(out + " " + err).doesNotContain("hush").doesNotContain("hu@sh");
        assertThat(err.toString()).isNotBlank();
    }

    @Test
    void anArgumentInAWrongPlaceDoesNotTellItsPassword() {
        assertThat(run("redis://me:hush@127.0.0.1:1/0")).isEqualTo(2);
        assertThat(err.toString()).contains("redis://***@127.0.0.1:1/0").doesNotContain("hush");
    }

    @Test
    void aGoodRunIsZeroAndSaysWhereTheReportIs() {
        assertThat(run("--uri", "memory:", "--rules", "1.01,1.06")).isZero();
        assertThat(out.toString())
                .contains("memory: testing (seed ")
                .contains("report: " + folder.resolve("report.html"));
        assertThat(folder.resolve("report.html")).isRegularFile();
        assertThat(folder.resolve("report.json")).isRegularFile();
    }

    @Test
    void theRulesAreListedWithoutATest() {
        assertThat(run("--list")).isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("2.05 ")))
                .hasSize(1);
    }

    @Test
    void badSettingsNameTheOption() {
        assertThat(run("--scale", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--scale");
    }

    private int run(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--report", folder.toString()));
        return Main.tck("lock-tck", new PrintWriter(out), new PrintWriter(err), all);
    }
}
