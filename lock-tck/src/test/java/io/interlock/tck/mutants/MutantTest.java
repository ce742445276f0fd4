// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.RuleId;
import io.interlock.tck.run.RuleResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kit is tested by what it must catch: each mutant fails every rule that is named for it, with a message that a
 * person understands, and no rule beside them in the catalogue. {@code -Dmutant=WORDS} picks some by title, {@code
 * -Dmutant.sections=true} runs the whole of their sections instead of the neighbours, {@code -Dmutant.repeat=1} demands
 * that a killer sees it at first sight.
 */
@Execution(ExecutionMode.CONCURRENT)
class MutantTest {
    static List<Mutant> mutants() {
        return mutants(false);
    }

    static List<Mutant> mutants(boolean alone) {
        String words = System.getProperty("mutant", "");
        return Mutants.all().stream()
                .filter(mutant -> mutant.toString().contains(words))
                .filter(mutant -> mutant.alone() == alone)
                .filter(mutant -> !MutantRun.killersHere(mutant).isEmpty())
                .toList();
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("mutants")
    void isCaughtByItsRulesAndBreaksNoOther(Mutant mutant) {
        requireCaught(mutant);
    }

    static void requireCaught(Mutant mutant) {
        Map<RuleId, RuleResult> results = MutantRun.results(mutant);
        var failures = new TreeMap<>(results);
        failures.values().removeIf(result -> !MutantRun.isRed(result));
        assertThat(failures.keySet())
                .as("rules that fail, for '" + mutant + "', of " + results)
                .containsAll(MutantRun.killersHere(mutant))
                .isSubsetOf(MutantRun.union(mutant.killers(), mutant.collateral()));
        MutantRun.killersHere(mutant).forEach(rule -> assertReadable(failures.get(rule)));
    }

    private static void assertReadable(RuleResult failure) {
        assertThat(failure.reason())
                .as("the message of " + failure.rule())
                .isNotBlank()
                .doesNotContain("Exception")
                .doesNotStartWith("unexpected");
    }
}
