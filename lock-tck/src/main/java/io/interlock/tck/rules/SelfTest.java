// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.RuleId;
import io.interlock.tck.history.CheckResult;
import io.interlock.tck.history.Finding;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryEvent;
import io.interlock.tck.history.Latencies;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Plants violations into a history of {@link Turns} and demands that a checker finds each, and nothing before. */
final class SelfTest {
    private final History history;
    private final Function<History, CheckResult> checker;
    private final Seeds seeds;

    SelfTest(History history, Function<History, CheckResult> checker) {
        this.history = history;
        this.checker = checker;
        seeds = new Seeds(history.events());
    }

    void run() {
        CheckResult before = checker.apply(history);
        if (!before.isValid()) {
            throw new AssertionError("two clients took turns, and the history is not valid before anything was planted"
                    + " into it: " + JudgedHistory.words(before.findings()));
        }
        if (seeds.grants() < Turns.GRANTS) {
            throw new AssertionError("two clients took " + Turns.GRANTS + " turns, and the history has only "
                    + seeds.grants() + " that were granted and released");
        }
        find("14.01", "a release was left out", seeds.droppedRelease());
        find("14.01", "a second grant was put into a hold", seeds.secondGrant());
        find("14.03", "somebody else's grant was released", seeds.foreignRelease());
        find("14.03", "a grant was prolonged after its end", seeds.staleExtension());
        find("14.03", "a holder was told 'not held'", seeds.notHeld());
        find("14.04", "a free lock was refused", seeds.refusalOfFreeLock());
        if (seeds.hasTokens()) {
            find("14.02", "a token was given twice", seeds.repeatedToken());
            find("14.02", "a token went back", seeds.tokenGoingBack());
        }
        findIn("14.05", "a stale write was accepted", Seeds.staleWrite());
        var late = new History(history.header(), seeds.lateHandOff());
        findIn("14.06", "a waiter was served an hour late", Latencies.of(late).violations(history.header(), 1));
    }

    private void find(String rule, String planted, List<HistoryEvent> events) {
        var changed = new History(history.header(), events);
        findIn(rule, planted, checker.apply(changed).findings());
    }

    private static void findIn(String rule, String planted, List<? extends Finding> findings) {
        if (findings.stream().noneMatch(finding -> isAbout(rule, finding))) {
            String said = findings.stream().map(Finding::sentence).collect(Collectors.joining("; "));
            throw new AssertionError("the checker is blind to " + rule + ": " + planted
                    + " in a copy of a valid history, and it found " + (said.isEmpty() ? "nothing" : "only: " + said));
        }
    }

    private static boolean isAbout(String rule, Finding finding) {
        return finding instanceof Violation violation && violation.rule().equals(RuleId.of(rule));
    }
}
