// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.Timing;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryFile;
import io.interlock.tck.history.HistoryHeader;
import io.interlock.tck.history.HistoryRecorder;
import io.interlock.tck.history.Op;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CheckCommandTest {
    private static final HistoryHeader HEADER =
            HistoryHeader.of("memory", 42, Duration.ofSeconds(1), Timing.defaults());

    @TempDir
    private Path folder;

    private final HistoryRecorder recorder = new HistoryRecorder();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file = Path.of("");

    @BeforeEach
    void aGrantAndItsRelease() throws IOException {
        file = folder.resolve("run.jsonl");
        Op acquire = recorder.invoke("c1", Kind.TRY, "lock");
        acquire.ok(1, System.nanoTime() + Duration.ofHours(1).toNanos());
        recorder.invoke("c1", Kind.RELEASE, "lock", acquire.id(), 1).ok();
        save();
    }

    @Test
    void aValidHistoryIsZero() {
        assertThat(run(file.toString())).isZero();
        assertThat(out.toString())
                .contains("run.jsonl: 2 calls of 1 clients on 1 locks of memory in ")
                .contains("seed 42")
                .contains("1 grants, 0 refusals, 0 calls with unknown outcome")
                .contains("valid (checked in ");
        assertThat(folder.resolve("run.html")).isRegularFile();
    }

    @Test
    void aViolationIsOneAndToldInASentence() throws IOException {
        recorder.invoke("c2", Kind.TRY, "lock").refused();
        save();
        assertThat(run(file.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("14.04 lock 'lock': c2 was told 'held by another'")
                .contains("NOT VALID: 1 violations");
    }

    @Test
    void noVerdictIsOneToo() {
        assertThat(run("--budget", "1", file.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("no verdict within 1 steps").contains("1 without a verdict");
    }

    @Test
    void thePictureGoesWhereItIsAskedFor() {
        Path picture = folder.resolve("other.html");
        assertThat(run("--html", picture.toString(), file.toString())).isZero();
        assertThat(picture).isRegularFile();
        assertThat(folder.resolve("run.html")).doesNotExist();
    }

    @Test
    void aBadFileIsTwoAndNamesTheLine() throws IOException {
        Files.writeString(file, "nonsense\n");
        assertThat(run(file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("run.jsonl, line 1: is no flat JSON object");
    }

    @Test
    void aMissingFileIsTwo() {
        Path none = folder.resolve("none");
        assertThat(run(none.toString())).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo(none + ": there is no such file or folder");
    }

    @Test
    void aFolderIsTwo() {
        assertThat(run(folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("directory").doesNotContain("Exception");
    }

    @Test
    void aPictureThatCannotBeWrittenIsTwo() {
        Path nowhere = folder.resolve("nowhere").resolve("run.html");
        assertThat(run("--html", nowhere.toString(), file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("nowhere").doesNotContain("Exception");
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--budget", "0", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--budget 0: must be positive");
    }

    private void save() throws IOException {
        HistoryFile.write(file, new History(HEADER, recorder.events()));
    }

    private int run(String... args) {
        return new CommandLine(new CheckCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
