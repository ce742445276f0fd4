// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.RuleTest;
import io.interlock.tck.run.RunSettings;
import io.interlock.tck.run.Sections;
import io.interlock.tck.run.TckRun;
import io.interlock.tck.run.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Lets rules loose on a mutant. */
final class MutantRun {
    /** How many rules on each side of a killer, in its section, must not mind the mutant. */
    private static final int NEIGHBOURS = 1;

    /** A stall of the machine proves nothing about a mutant, neither way. */
    private static final int MOST_STALLS = 5;

    /** Rules that no Java before 21 can test. */
    private static final Set<RuleId> OF_VIRTUAL_THREADS = Set.of(RuleId.of("4.21"), RuleId.of("7.15"));

    private MutantRun() {}

    /** The killers that can do their work on this Java. */
    static Set<RuleId> killersHere(Mutant mutant) {
        var killers = new TreeSet<>(mutant.killers());
        if (Runtime.version().feature() < 21) {
            killers.removeAll(OF_VIRTUAL_THREADS);
        }
        return killers;
    }

    /** The failures of the mutant's killers, and of the rules beside them in the catalogue. */
    static Map<RuleId, RuleResult> failures(Mutant mutant) {
        var failures = new TreeMap<RuleId, RuleResult>();
        try (TckBackend backend = mutant.backend().get();
                var run = new TckRun(backend, new RunSettings(1, 1, 1, List.of(), folder(mutant)))) {
            for (RuleTest test : tests(mutant)) {
                RuleResult result = steady(run, test);
                if (isRed(result)) {
                    failures.put(result.rule(), result);
                }
            }
        }
        return failures;
    }

    /** Of its own, for what rules keep of a failure. */
    private static Path folder(Mutant mutant) {
        return Path.of("target", "mutants", mutant.toString().replaceAll("\\W+", "-"));
    }

    private static RuleResult steady(TckRun run, RuleTest test) {
        RuleResult result = run.run(test);
        for (int i = 1; i < MOST_STALLS && result.verdict() == Verdict.INVALID; i++) {
            result = run.run(test);
        }
        return result;
    }

    /** A rule that is only measured can't fail; its mutant shows in the reason. */
    private static boolean isRed(RuleResult result) {
        return result.verdict() == Verdict.FAIL || result.reason().startsWith("measured only");
    }

    private static List<RuleTest> tests(Mutant mutant) {
        List<RuleTest> all = Sections.tests();
        if (Boolean.getBoolean("mutant.sections")) {
            return all.stream()
                    .filter(test -> mutant.killers().stream()
                            .anyMatch(id -> id.section() == test.spec().id().section()))
                    .toList();
        }
        var chosen = new TreeSet<Integer>();
        for (int i = 0; i < all.size(); i++) {
            if (mutant.killers().contains(all.get(i).spec().id())) {
                int section = all.get(i).spec().id().section();
                IntStream.rangeClosed(i - NEIGHBOURS, i + NEIGHBOURS)
                        .filter(j -> j >= 0 && j < all.size())
                        .filter(j -> all.get(j).spec().id().section() == section)
                        .forEach(chosen::add);
            }
        }
        return chosen.stream().map(all::get).toList();
    }

    static Set<RuleId> union(Set<RuleId> killers, Set<RuleId> collateral) {
        var all = new TreeSet<>(killers);
        all.addAll(collateral);
        return all;
    }
}
