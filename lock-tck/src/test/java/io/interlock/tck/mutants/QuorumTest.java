// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.run.BackendReport;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.RunSettings;
import io.interlock.tck.run.TckRun;
import io.interlock.tck.run.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The toy whose mutants break the rule of the quorum keeps it itself, so it is the mutation that the rule sees. */
class QuorumTest {
    @Test
    void majorityOfNodesKeepsTheRulesOfSafety() {
        var settings = new RunSettings(1, 1, 1, List.of("1.06", "2.01", "2.09", "2.10", "2.22"), Path.of("unused"));
        BackendReport report = TckRun.all(new QuorumTckBackend(2, Runnable::run), settings, result -> {});
        assertThat(report.results())
                .filteredOn(result -> result.verdict() == Verdict.FAIL || result.verdict() == Verdict.INVALID)
                .extracting(RuleResult::rule, RuleResult::reason)
                .isEmpty();
        assertThat(report.results())
                .filteredOn(result -> result.rule().toString().equals("2.22"))
                .extracting(RuleResult::verdict)
                .containsExactly(Verdict.PASS);
    }
}
