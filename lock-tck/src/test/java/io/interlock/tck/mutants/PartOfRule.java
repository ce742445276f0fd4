// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.RuleId;
import java.util.List;

/**
 * Something that a rule promises and the kit can't see.
 *
 * @param rule the rule, whose other parts the kit tests
 * @param what the part, and why it can't be seen
 * @param where the tests that look at it
 */
record PartOfRule(RuleId rule, String what, String where) {
    static List<PartOfRule> testedElsewhere() {
        return List.of(
                new PartOfRule(
                        RuleId.of("3.11"),
                        "That tokens end instead of beginning again: no store lets anybody use them up.",
                        "tests of the backends, which set their counters"),
                new PartOfRule(
                        RuleId.of("7.09"),
                        "The line in the log: it goes where the application sends it.",
                        "`ClientTest` of lock-api, since the engine writes it for every backend"),
                new PartOfRule(
                        RuleId.of("15.05"),
                        "lock-api on the module path: a JVM has it there from its start or never.",
                        "`ModulePathTest` of lock-demo"));
    }
}
