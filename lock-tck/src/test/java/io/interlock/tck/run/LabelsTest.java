// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.RuleId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class LabelsTest {
    @Test
    void whoKeepsAllHasAll() {
        assertThat(with("1.01", Verdict.PASS, "")).containsExactly("Core", "Crash", "Fault", "Full");
    }

    @ParameterizedTest
    @EnumSource(
            value = Verdict.class,
            names = {"PASS", "NOT_DECLARED"},
            mode = EnumSource.Mode.EXCLUDE)
    void oneRuleForAllTakesAll(Verdict verdict) {
        assertThat(with("1.01", verdict, "why")).isEmpty();
    }

    @Test
    void whatIsNotDeclaredTakesNone() {
        assertThat(with("2.22", Verdict.NOT_DECLARED, "why")).hasSize(4);
    }

    @ParameterizedTest(name = "{0} keeps {1}")
    @CsvSource({
        "2.03, Core Fault", // needs processes
        "2.12, Core Crash", // the network
        "13.01, Core Crash", // servers
        "1.15, ''", // nothing
        "8.06, Core Crash Fault Full" // is measured only
    })
    void aRuleTakesTheLabelsThatAskForItsControls(String rule, String kept) {
        assertThat(String.join(" ", with(rule, Verdict.NOT_VERIFIED, "needs more")))
                .isEqualTo(kept);
    }

    @Test
    void aFindingThatIsMeasuredOnlyTakesNone() {
        assertThat(with(
                        "14.04",
                        Verdict.NOT_VERIFIED,
                        NotVerified.measuredOnly("1 of 9 refusals").getMessage()))
                .hasSize(4);
    }

    private static List<String> with(String rule, Verdict verdict, String reason) {
        return Labels.of(Catalogue.rules().all().stream()
                .map(spec -> spec.id().equals(RuleId.of(rule))
                        ? result(spec.id(), verdict, reason)
                        : result(spec.id(), Verdict.PASS, ""))
                .toList());
    }

    private static RuleResult result(RuleId rule, Verdict verdict, String reason) {
        return new RuleResult(rule, verdict, reason, "", Duration.ZERO, 1, 0);
    }
}
