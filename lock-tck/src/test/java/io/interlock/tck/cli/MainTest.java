// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.StoreSupport;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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
        assertThat(run("--expected-failures", "2.99")).isEqualTo(2);
        assertThat(err.toString()).contains("--scale").contains("--expected-failures: there is no rule 2.99");
    }

    @Test
    void anExpectedFailureThatPassesIsOne() {
        assertThat(run("--uri", "memory:", "--rules", "1.01", "--expected-failures", "1.01"))
                .isOne();
        assertThat(out.toString()).contains("XPASS 1.01 is listed as an expected failure, and passes");
    }

    @Test
    void aMissingJarIsTold() {
        assertThat(run("--backend", "nix.jar", "--uri", "nix:")).isEqualTo(2);
        assertThat(err.toString()).contains("nix.jar: there is no such jar");
    }

    @Test
    void aBackendThatCannotBeLoadedIsTwoAndNamed() throws IOException {
        Path services = Files.createDirectories(folder.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve(StoreSupport.class.getName()), "nix.NoSupport");
        assertThat(run("--backend", folder.resolve("jar").toString(), "--uri", "nix:x"))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("a backend can't be loaded: ").contains("nix.NoSupport");
    }

    /** The kit finds it in threads with any class loader, as if it were on the class path; in a JVM without it there. */
    @Test
    void aGivenBackendIsAsGoodAsAnInstalledOne() throws IOException, InterruptedException {
        List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
        List<String> given = all.stream()
                .filter(path -> path.endsWith("test-classes") || path.contains("h2-"))
                .toList();
        assertThat(given).hasSize(2);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Main.class.getName(),
                "--backend",
                given.get(0),
                "--backend=" + given.get(1),
                "--uri",
                "h2:given",
                "--rules",
                "1.01,15.05",
                "--report",
                folder.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put(
                        "CLASSPATH",
                        String.join(
                                File.pathSeparator,
                                all.stream()
                                        .filter(path -> !given.contains(path))
                                        .toList()));
        Process process = builder.start();
        try (var lines = process.inputReader()) {
            String said = lines.lines().collect(Collectors.joining("\n"));
            assertThat(process.waitFor()).as(said).isZero();
            assertThat(said).contains("2 PASS");
        } finally {
            process.destroyForcibly();
        }
    }

    private int run(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--report", folder.toString()));
        return Main.tck("lock-tck", new PrintWriter(out), new PrintWriter(err), all);
    }
}
