// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.interlock.tck.run.BackendReport;
import io.interlock.tck.run.Catalogue;
import io.interlock.tck.run.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportsTest {
    private static final BuildStart NOW = new BuildStart(Samples.STARTED);

    @TempDir
    Path dir;

    @Test
    void readsWhatItWrote() throws IOException {
        BackendReport failed = Samples.with(
                "b", Samples.STARTED, List.of(Samples.result("2.05", Verdict.FAIL, Samples.HOSTILE, "at x\n\tat y")));
        write(failed);
        write(Samples.passed("a.1-x"));

        assertThat(Reports.read(dir)).containsExactly(Samples.passed("a.1-x"), failed);
    }

    @Test
    void thereIsNothingToReadBeforeTheFirstIsWritten() throws IOException {
        assertThat(Reports.read(dir.resolve("missing"))).isEmpty();
    }

    @Test
    void aBackendTakesThePlaceOfItsFormerPart() throws IOException {
        write(Samples.with("a", Samples.STARTED, List.of()));
        write(Samples.passed("a"));

        assertThat(Reports.read(dir)).containsExactly(Samples.passed("a"));
    }

    @Test
    void jsonHasTheCatalogueAndTheBackendsInOrder() throws IOException {
        write(Samples.passed("b"));
        write(Samples.passed("a"));

        JsonObject report = json();
        assertThat(report.get("format").getAsInt()).isEqualTo(1);
        assertThat(report.getAsJsonArray("rules"))
                .hasSize(Catalogue.rules().all().size());
        assertThat(report.getAsJsonArray("sections")
                        .get(1)
                        .getAsJsonObject()
                        .get("title")
                        .getAsString())
                .isEqualTo("Safety");
        assertThat(backendIds(report)).containsExactly("a", "b");
        JsonObject backend = report.getAsJsonArray("backends").get(0).getAsJsonObject();
        assertThat(backend.get("seed").getAsString()).isEqualTo("-9223372036854775808");
        assertThat(backend.get("timeNanos").getAsLong()).isEqualTo(300_000_000_000L);
        assertThat(backend.get("startedUtc").getAsString()).isEqualTo("2026-11-20T10:15:30.250Z");
        assertThat(backend.getAsJsonObject("counts").get("PASS").getAsInt())
                .isEqualTo(Catalogue.rules().all().size());
        assertThat(backend.getAsJsonObject("counts").get("FAIL").getAsInt()).isZero();
        assertThat(backend.getAsJsonArray("capabilities").toString()).isEqualTo("[\"LEASE\",\"FENCING\"]");
    }

    @Test
    void equalReportsAreEqualByteForByte() throws IOException {
        write(Samples.passed("a"));
        write(Samples.passed("b"));
        String first = Files.readString(dir.resolve("report.json"));
        Reports.clear(dir);
        write(Samples.passed("b"));
        write(Samples.passed("a"));

        assertThat(dir.resolve("report.json")).hasContent(first);
    }

    @Test
    void aPartThatEndedBeforeTheBuildBeganIsDropped() throws IOException {
        BackendReport former = Samples.passed("former");
        write(former);
        BuildStart justAfter =
                new BuildStart(former.started().plus(former.time()).plusNanos(1));
        Reports.write(
                dir,
                "Test",
                Samples.passed("late"),
                new BuildStart(former.started().plus(former.time())));
        assertThat(backendIds(json())).containsExactly("former", "late");

        Reports.write(dir, "Test", current(), justAfter);

        assertThat(backendIds(json())).containsExactly("current");
        assertThat(dir.resolve("backends")).isDirectoryNotContaining("glob:**former.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"format\":2}", "{\"format\":1}", "null"})
    void aPartOfAnotherVersionOfTheKitIsDropped(String text) throws IOException {
        write(Samples.passed("a"));
        Files.writeString(dir.resolve("backends/other.json"), text);

        write(Samples.passed("b"));

        assertThat(backendIds(json())).containsExactly("a", "b");
        assertThat(dir.resolve("backends/other.json")).doesNotExist();
    }

    @Test
    void aPartWithAVerdictThatThisVersionHasNoNameForIsDropped() throws IOException {
        write(Samples.passed("a"));
        Path part = dir.resolve("backends/a.json");
        Files.writeString(part, Files.readString(part).replaceFirst("\"verdict\": \"PASS\"", "\"verdict\": \"MAYBE\""));

        write(Samples.passed("b"));

        assertThat(backendIds(json())).containsExactly("b");
    }

    @Test
    void clearBeginsANewReport() throws IOException {
        write(Samples.passed("a"));
        Reports.clear(dir);
        write(Samples.passed("b"));

        assertThat(backendIds(json())).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "é"})
    void anIdThatCouldLeaveTheFolderIsRefused(String id) {
        assertThatThrownBy(() -> write(Samples.passed(id)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backend '" + id + "': an id is made of letters, digits, dots and dashes");
    }

    @Test
    void twoTestClassesOfABuildCantShareAnId() throws IOException {
        write(Samples.passed("a"));

        assertThatThrownBy(() -> Reports.write(dir, "Other", Samples.with("a", Samples.STARTED, List.of()), NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("backend id 'a': Test and Other both use it")
                .hasMessageEndingWith("or delete " + dir + " if Test is no more");
        assertThat(Reports.read(dir)).containsExactly(Samples.passed("a"));
    }

    @Test
    void anIdOfAFormerBuildIsFree() throws IOException {
        BackendReport former = Samples.passed("current");
        write(former);

        Reports.write(
                dir,
                "Other",
                current(),
                new BuildStart(former.started().plus(former.time()).plusNanos(1)));

        assertThat(Reports.read(dir)).containsExactly(current());
    }

    @Test
    void threadsThatWriteAtOnceLoseNothing() throws Exception {
        List<String> ids = IntStream.range(0, 16).mapToObj(i -> "b" + (10 + i)).toList();
        var threads = Executors.newFixedThreadPool(8);
        try {
            var written = new ArrayList<Future<Path>>();
            for (String id : ids) {
                Callable<Path> task = () -> write(Samples.with(id, Samples.STARTED, List.of()));
                written.add(threads.submit(task));
            }
            for (Future<Path> one : written) {
                assertThat(one.get()).isEqualTo(dir.resolve("report.html"));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(backendIds(json())).containsExactlyElementsOf(ids);
    }

    private Path write(BackendReport report) throws IOException {
        return Reports.write(dir, "Test", report, NOW);
    }

    private static BackendReport current() {
        return Samples.with("current", Samples.STARTED.plus(Duration.ofMinutes(10)), List.of());
    }

    private JsonObject json() throws IOException {
        return JsonParser.parseString(Files.readString(dir.resolve("report.json")))
                .getAsJsonObject();
    }

    private static List<String> backendIds(JsonObject report) {
        JsonArray backends = report.getAsJsonArray("backends");
        return backends.asList().stream()
                .map(backend -> backend.getAsJsonObject().get("backend").getAsString())
                .toList();
    }
}
