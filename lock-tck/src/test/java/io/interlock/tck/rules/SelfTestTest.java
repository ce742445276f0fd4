// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockClient;
import io.interlock.memory.MemoryLocks;
import io.interlock.tck.Timing;
import io.interlock.tck.history.CheckResult;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryChecker;
import io.interlock.tck.history.HistoryEvent;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryHeader;
import io.interlock.tck.history.HistoryRecorder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 14.09 fails if the checker is blind, or the recorder drops something. */
class SelfTestTest {
    private final List<HistoryEvent> events = new CopyOnWriteArrayList<>();

    @Test
    void checkerThatSeesPasses() throws Exception {
        assertThatCode(() -> new SelfTest(turns(), HistoryChecker.standard()::check).run())
                .doesNotThrowAnyException();
    }

    @Test
    void checkerThatSeesNothingFails() throws Exception {
        History history = turns();
        assertThatThrownBy(() -> new SelfTest(history, SelfTestTest::blind).run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("blind to 14.01: a release was left out")
                .hasMessageContaining("found nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"14.01", "14.02", "14.03", "14.04"})
    void checkerThatDoesNotSeeOneRuleFails(String rule) throws Exception {
        History history = turns();
        assertThatThrownBy(() -> new SelfTest(history, checked -> without(rule, checked)).run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("blind to " + rule);
    }

    @Test
    void recorderThatDropsAReleaseFails() throws Exception {
        History history = turns();
        HistoryEvent first = history.events().stream()
                .filter(event -> event.kind() == Kind.RELEASE)
                .findFirst()
                .orElseThrow();
        events.removeIf(event -> event.process().equals(first.process()) && event.op() == first.op());
        var dropped = new History(history.header(), events);
        assertThatThrownBy(() -> new SelfTest(dropped, HistoryChecker.standard()::check).run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not valid before anything was planted")
                .hasMessageContaining("14.01");
    }

    private History turns() throws InterruptedException {
        MemoryLocks store = MemoryLocks.create();
        try (LockClient first = store.newClient();
                LockClient second = store.newClient()) {
            Turns.take(new HistoryRecorder(events::add), first, second, "lock");
        }
        return new History(HistoryHeader.of("memory", 1, Duration.ofSeconds(30), Timing.defaults()), events);
    }

    private static CheckResult blind(History history) {
        CheckResult result = HistoryChecker.standard().check(history);
        return new CheckResult(List.of(), List.of(), result.counts());
    }

    private static CheckResult without(String rule, History history) {
        CheckResult result = HistoryChecker.standard().check(history);
        return new CheckResult(
                result.findings().stream()
                        .filter(finding -> !(finding instanceof Violation violation)
                                || !violation.rule().toString().equals(rule))
                        .toList(),
                List.of(),
                result.counts());
    }
}
