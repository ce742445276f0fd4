// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Load LOAD = new Load(2, 4, Duration.ofSeconds(10));

    @Test
    void tableFitsEightyColumns() {
        var control = RunResult.of(Run.control(), List.of(report(800_000, 1), report(700_000, 1)), 100_000);
        var locked = RunResult.of(
                Run.locked("redis set-nx-px", "x"), List.of(report(9_000, 260), report(1, 990_000)), 9_001);
        String text = Report.of(List.of(control, locked), List.of(), LOAD);
        assertThat(text.lines().limit(5)).allMatch(line -> line.length() <= 80);
        assertThat(text).containsPattern("no lock +1500000 +100000 +1400000 +150000 +- +1.14  loses");
        assertThat(text).containsPattern("redis set-nx-px +9001 +9001 +0 +900 +0.26/990/990 +9000  correct");
    }

    @Test
    void controlWithoutLossProvesNothing() {
        var control = RunResult.of(Run.control(), List.of(report(7, 1)), 7);
        assertThat(control.acceptable()).isFalse();
        assertThat(RunResult.of(Run.control(), List.of(report(7, 1)), 6).acceptable())
                .isTrue();
        assertThat(Report.of(List.of(control), List.of(), LOAD))
                .containsPattern("no lock .* unproven")
                .contains("Without a lock nothing was lost either, so this comparison proves nothing");
    }

    @Test
    void grantsOfTheTwoRedisVariantsAreExplainedIfBothRan() {
        var lua = RunResult.of(Run.locked("redis lua #1", "x"), List.of(report(7, 1)), 7);
        var polling = RunResult.of(Run.locked("redis set-nx-px #1", "x"), List.of(report(7, 1)), 7);
        assertThat(Report.of(List.of(lua, polling), List.of(), LOAD)).contains("lua wakes");
        assertThat(Report.of(List.of(polling), List.of(), LOAD)).doesNotContain("lua wakes");
        var failed = RunResult.failed(lua.run(), "why");
        assertThat(Report.of(List.of(failed, polling), List.of(), LOAD)).doesNotContain("lua wakes");
    }

    @Test
    void lockIsJudgedByItsCountAlone() {
        Run locked = Run.locked("a b", "x");
        assertThat(RunResult.of(locked, List.of(report(7, 1)), 7).acceptable()).isTrue();
        assertThat(RunResult.of(locked, List.of(report(7, 1)), 6).acceptable()).isFalse();
        assertThat(RunResult.of(locked, List.of(report(7, 1)), 8).acceptable()).isFalse();
        assertThat(RunResult.of(locked, List.of(report(0, 1)), 0).acceptable()).isFalse();
        assertThat(RunResult.failed(locked, "why").acceptable()).isFalse();
        assertThat(RunResult.failed(Run.control(), "why").acceptable()).isFalse();
    }

    @Test
    void workerWithoutAnIncrementMakesFairnessInfinite() {
        var result = RunResult.of(Run.locked("a b", "x"), List.of(report(7, 1), report(0, 1)), 7);
        assertThat(Report.of(List.of(result), List.of(), LOAD)).containsPattern("inf +correct");
    }

    @Test
    void millisecondsHaveTwoDigits() {
        assertThat(List.of(Report.millis(42), Report.millis(999), Report.millis(9_940), Report.millis(9_960)))
                .containsExactly("0.04", "1.0", "9.9", "10");
    }

    @Test
    void reportSurvivesItsWayToTheCoordinator() {
        WorkerReport sent = report(7, 12_345);
        WorkerReport received = WorkerReport.decode(sent.encode());
        assertThat(received).isEqualTo(sent);
    }

    private static WorkerReport report(long increments, long handoverMicros) {
        var handovers = WorkerReport.newHistogram();
        handovers.recordValue(handoverMicros);
        return new WorkerReport(increments, Duration.ofSeconds(10), handovers);
    }
}
