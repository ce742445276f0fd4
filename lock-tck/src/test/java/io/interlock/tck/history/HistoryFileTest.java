// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.tck.history.HistoryHeader.Refusals;
import io.interlock.tck.history.Simulation.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HistoryFileTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        var header = Edits.header().withRefusals(Refusals.MEASURED).withLateGrants(Duration.ofMillis(60));
        var history = new History(header, Simulation.run(1, Plan.stormy(300)));
        Path file = folder.resolve("history.jsonl");
        HistoryFile.write(file, history);
        assertThat(HistoryFile.read(file)).isEqualTo(history);
    }

    @Test
    void anEventMayHoldAnyText() {
        var event = new HistoryEvent(
                "c\"1",
                "\u2028\n</script>",
                Long.MAX_VALUE,
                HistoryEvent.Kind.CLAIM,
                HistoryEvent.Phase.INFO,
                Long.MIN_VALUE,
                "é😀",
                OptionalLong.of(Long.MAX_VALUE),
                OptionalLong.of(-1),
                OptionalLong.of(3),
                "\\");
        String line = HistoryFile.line(event);
        assertThat(line).doesNotContain("\n");
        assertThat(HistoryFile.event(line)).isEqualTo(event);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"process\":\"c1\"                   | is cut off",
                "                                      | is cut off",
                "nonsense                              | is no flat JSON object",
                "{\"process\":{}}                      | is no flat JSON object",
                "{\"process\":\"c1\"} {}               | is no flat JSON object",
                "{\"process\":\"c1\",\"process\":\"\"} | field 'process' is there twice",
                "{\"process\":\"c1\"}                  | field 'thread' is missing",
                "{\"process\":1}                       | field 'process' must be a string",
            })
    void aBadLineIsNamed(String line, String what) throws IOException {
        assertRefused(3, what, lines -> lines.set(2, line == null ? "" : line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"op\":1        | \"op\":\"1\"      | field 'op' must be a whole number",
                "\"op\":1        | \"op\":1.5        | is no flat JSON object",
                "\"kind\":\"TRY\" | \"kind\":\"TAKE\" | field 'kind' = 'TAKE': must be one of [TRY, ACQUIRE,",
                "\"op\":1        | \"op\":1,\"x\":2  | unknown fields [x]",
                "INVOKE          | OK                | TRY OK, call 1 of b: ends but never began",
            })
    void aBadFieldIsNamed(String right, String wrong, String what) throws IOException {
        assertRefused(2, what, lines -> lines.set(1, lines.get(1).replace(right, wrong)));
    }

    @Test
    void anEventThatIsThereTwiceIsNamed() throws IOException {
        assertRefused(3, "begins a second time", lines -> lines.add(2, lines.get(1)));
        assertRefused(4, "ends a second time", lines -> lines.add(3, lines.get(2)));
    }

    @Test
    void anAnswerBeforeItsCallIsNamed() throws IOException {
        assertRefused(
                3, "ends before it began", lines -> lines.set(2, lines.get(2).replace("\"nanos\":5", "\"nanos\":-1")));
    }

    @Test
    void aHeaderOfAnotherVersionIsRefused() throws IOException {
        assertRefused(
                1,
                "version 2 of the format; this kit reads 1",
                lines -> lines.set(0, lines.get(0).replace("\"version\":1", "\"version\":2")));
        assertRefused(
                1,
                "field 'format' must be 'interlock-history'",
                lines -> lines.set(0, lines.get(0).replace("interlock-history", "other")));
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        assertRefused(1, "is cut off", List::clear);
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Path file = folder.resolve("binary");
        Files.write(file, new byte[] {(byte) 0xc3, (byte) 0x28});
        assertThatThrownBy(() -> HistoryFile.read(file))
                .isInstanceOf(HistoryFormatException.class)
                .hasMessage("line 1: is not UTF-8");
    }

    private interface Damage {
        void to(List<String> lines);
    }

    /** A history of one refused attempt, damaged. */
    private void assertRefused(int line, String what, Damage damage) throws IOException {
        var story = new Story().refused("b", HistoryEvent.Kind.TRY, 0, 5);
        Path file = folder.resolve("bad.jsonl");
        HistoryFile.write(file, story.history());
        List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
        damage.to(lines);
        Files.write(file, lines);
        assertThatThrownBy(() -> HistoryFile.read(file))
                .isInstanceOf(HistoryFormatException.class)
                .hasMessageStartingWith("line " + line + ": ")
                .hasMessageContaining(what);
    }
}
