// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.servers.RedisServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Whole comparisons, with real worker processes. */
class CompareCommandTest {
    private static final int LOST = 2;

    @Test
    void everyVariantCountsRightWhereNoLockLoses() throws IOException {
        Set<Path> before = demoFolders();
        Cli cli = compare();

        assertThat(cli.exitCode()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.row("no lock")).endsWith("loses");
        assertThat(Long.parseLong(cli.row("no lock")[LOST])).isPositive();
        List<String> variants = List.of(
                "redis lua",
                "redis set-nx-px",
                "redis redlock",
                "zookeeper fair",
                "zookeeper unfair",
                "mysql insert-delete",
                "mysql row");
        for (String variant : variants) {
            assertThat(cli.row(variant)).endsWith("correct");
            assertThat(cli.row(variant)[LOST]).isEqualTo("0");
        }
        assertThat(cli.out().lines()).allMatch(line -> line.length() < 100);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
        assertThat(demoFolders()).isEqualTo(before);
    }

    @Test
    void lockThatExcludesNobodyIsFoundWrong() {
        Cli cli = compare("--uri", "broken:x?variant=grants-all");
        assertThat(cli.exitCode()).as(cli.out()).isEqualTo(1);
        assertThat(cli.row("broken grants-all")).endsWith("WRONG");
    }

    @Test
    void everyOtherVariantStillRunsWhenOneFails() {
        Cli cli = compare("--uri", "broken:x");
        assertThat(cli.exitCode()).as(cli.out()).isEqualTo(1);
        assertThat(cli.row("broken fails")).endsWith("FAILED");
        assertThat(cli.row("broken grants-all")).endsWith("WRONG");
        assertThat(cli.row("broken grants-none")).endsWith("FAILED");
        assertThat(cli.row("broken loses")).endsWith("FAILED");
        assertThat(cli.out())
                .contains("the store is on fire", "no worker ever got the lock", "DELETED")
                .contains("skipped broken holed: has a known hole; add allowUnsafe=true");
    }

    @Test
    void firstFailureOfAnyThreadEndsTheRun() throws Exception {
        var run = Run.locked("broken fails-last", "broken:x?variant=fails-last");
        var err = new PrintWriter(new StringWriter());
        var load = new Load(2, 2, Duration.ofMinutes(5));
        var comparison = new Comparison(new Plan(List.of(run), List.of()), load, Progress.to(err), err);
        assertThat(CompletableFuture.supplyAsync(() -> resultsOf(comparison)))
                .succeedsWithin(Duration.ofSeconds(20))
                .asInstanceOf(InstanceOfAssertFactories.list(RunResult.class))
                .singleElement()
                .extracting(RunResult::failure)
                .isEqualTo(Optional.of("worker 2: the store is on fire"));
    }

    private static List<RunResult> resultsOf(Comparison comparison) {
        try {
            return comparison.run();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void storesOfOneSchemeAreToldApart() {
        Cli cli = Cli.runWithInput(
                "memory:a\n\nmemory:b\n",
                "compare",
                "--workers",
                "1",
                "--threads",
                "2",
                "--seconds",
                "1",
                "--uri",
                "-");
        assertThat(cli.exitCode()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.row("memory fifo #1")).endsWith("correct");
        assertThat(cli.row("memory fifo #2")).endsWith("correct");
    }

    @Test
    void passwordIsNeitherInCommandLinesNorInTheOutput() throws Exception {
        try (var redis = RedisServer.builder().password("s3cret").start()) {
            var comparison = CompletableFuture.supplyAsync(() -> compare("--uri", redis.uri("variant=lua")));
            Set<String> commandLines = new HashSet<>();
            while (!comparison.isDone()) {
                ProcessHandle.current()
                        .descendants()
                        .forEach(process -> process.info().commandLine().ifPresent(commandLines::add));
                TimeUnit.MILLISECONDS.sleep(20);
            }
            Cli cli = comparison.get();
            assertThat(cli.exitCode()).as(cli.out() + cli.err()).isZero();
            assertThat(cli.out() + cli.err()).doesNotContain("s3cret");
            assertThat(commandLines)
                    .anyMatch(line -> line.contains(WorkerMain.class.getName()))
                    .noneMatch(line -> line.contains("s3cret"));
        }
    }

    private static Cli compare(String... more) {
        var args = new ArrayList<>(List.of("compare", "--workers", "2", "--threads", "2", "--seconds", "1"));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private static Set<Path> demoFolders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return new HashSet<>(
                    files.filter(file -> file.getFileName().toString().startsWith("interlock-demo-"))
                            .toList());
        }
    }
}
