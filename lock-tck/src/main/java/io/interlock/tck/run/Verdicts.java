// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.tck.RuleId;
import java.time.Duration;
import java.util.Map;

/** The verdict on rules that no test was run for: every rule has one. */
final class Verdicts {
    private Verdicts() {}

    static RuleResult of(RuleSpec spec, Map<RuleId, RuleResult> results, RunSettings settings) {
        RuleResult found = results.get(spec.same().orElse(spec.id()));
        if (found != null) {
            return new RuleResult(
                    spec.id(),
                    found.verdict(),
                    found.reason(),
                    found.detail(),
                    found.time(),
                    found.attempts(),
                    found.invalid());
        }
        return new RuleResult(spec.id(), Verdict.NOT_VERIFIED, reason(spec, settings), "", Duration.ZERO, 0, 0);
    }

    private static String reason(RuleSpec spec, RunSettings settings) {
        if (spec.level() == Level.OUT) {
            return "not part of this version";
        }
        boolean tested = Sections.tests().stream()
                .anyMatch(test -> test.spec().id().equals(spec.same().orElse(spec.id())));
        if (tested) {
            return settings.includes(spec.id()) ? "was not run" : "left out by lock.tck.rules";
        }
        return spec.controls().isEmpty()
                ? "this version has no test for it"
                : "this version has no test for it; it needs " + Attempts.words(spec.controls());
    }
}
