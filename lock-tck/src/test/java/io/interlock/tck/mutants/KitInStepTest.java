// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.LockTck;
import io.interlock.tck.RuleId;
import io.interlock.tck.run.Catalogue;
import io.interlock.tck.run.Control;
import io.interlock.tck.run.Level;
import io.interlock.tck.run.RuleSpec;
import io.interlock.tck.run.RuleTest;
import io.interlock.tck.run.Sections;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules, their tests, the mutants that they kill and the page about them stay in step. */
class KitInStepTest {
    /** What this version of the kit has no power over yet. */
    private static final Set<Control> NOT_YET =
            EnumSet.of(Control.SERVER, Control.PROCESS, Control.CLOCK, Control.POOL);

    @Test
    void everyRuleHasOneTestOrAReasonToHaveNone() {
        for (RuleSpec rule : Catalogue.rules().all()) {
            long tests = Sections.tests().stream()
                    .filter(test -> test.spec().equals(rule))
                    .count();
            boolean testable = rule.level() != Level.OUT
                    && rule.level() != Level.SAME
                    && rule.controls().stream().noneMatch(NOT_YET::contains);
            assertThat(tests).as("tests of rule " + rule.id()).isEqualTo(testable ? 1 : 0);
        }
    }

    @Test
    void testsAreNamedAfterTheirRules() {
        for (RuleTest test : Sections.tests()) {
            RuleId id = test.spec().id();
            assertThat(test.method().getName()).startsWith("r%d_%02d_".formatted(id.section(), id.number()));
        }
    }

    @Test
    void junitSeesEverySection() {
        Set<Class<?>> nested = Arrays.stream(LockTck.class.getDeclaredClasses())
                .filter(type -> type.isAnnotationPresent(Nested.class))
                .map(Class::getSuperclass)
                .collect(Collectors.toSet());
        assertThat(nested).isEqualTo(Set.copyOf(Sections.classes()));
    }

    @Test
    void everyTestKillsAMutantOrSaysWhyItCanNot() {
        var killing = Mutants.all().stream()
                .flatMap(mutant -> mutant.killers().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Map<RuleId, String> excused = WithoutMutant.reasons();
        for (RuleTest test : Sections.tests()) {
            RuleId id = test.spec().id();
            assertThat(killing.contains(id) ^ excused.containsKey(id))
                    .as("rule " + id + " kills a mutant, or else is excused")
                    .isTrue();
        }
        assertThat(excused.values()).allSatisfy(reason -> assertThat(reason).isNotBlank());
    }

    @Test
    void mutantsHaveTitlesOfTheirOwn() {
        assertThat(Mutants.all().stream().map(Mutant::title)).doesNotHaveDuplicates();
        assertThat(Mutants.all())
                .allSatisfy(mutant -> assertThat(mutant.killers())
                        .as(mutant.toString())
                        .isNotEmpty()
                        .allSatisfy(id -> assertThat(Sections.tests())
                                .as("a test of rule " + id)
                                .anyMatch(test -> test.spec().id().equals(id))));
    }
}
