// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import io.interlock.tck.toy.ToyFault;
import io.interlock.tck.toy.ToyTckBackend;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A backend that is broken in exactly one way.
 *
 * @param number of its row, which is stable; 0 for those that a rule brought along
 * @param title what is wrong with it, a few words, unique
 * @param killers the rules that must fail on it, every one
 * @param collateral rules that fail on it as well, since the one fault breaks their promise too
 * @param alone whether its fault would be felt by others that run at the same time
 * @param backend makes it
 */
record Mutant(
        int number,
        String title,
        Set<RuleId> killers,
        Set<RuleId> collateral,
        boolean alone,
        Supplier<TckBackend> backend) {
    static Mutant of(int number, String title, Supplier<TckBackend> backend, String... killers) {
        return new Mutant(number, title, ids(killers), Set.of(), false, backend);
    }

    /** The toy with one fault, which shows over a broken network alone. */
    static Mutant of(int number, String title, ToyFault fault, String... killers) {
        return of(number, title, () -> new ToyTckBackend(fault), killers);
    }

    /** The same with rules that can't but fail too. */
    Mutant breakingAlso(String... rules) {
        return new Mutant(number, title, killers, ids(rules), alone, backend);
    }

    /** The same, never beside others. */
    Mutant runningAlone() {
        return new Mutant(number, title, killers, collateral, true, backend);
    }

    private static Set<RuleId> ids(String... rules) {
        return Arrays.stream(rules).map(RuleId::of).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public String toString() {
        return (number == 0 ? "" : number + " ") + title;
    }
}
