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

    /**
     * How often a killer may pass, as a user's {@code --repeat} does it: on a busy machine everything is late, which
     * hides now and then what comes too early or overlaps by chance.
     */
    private static final int REPEATS = Integer.getInteger("mutant.repeat", 5);

    /** A stall of the machine proves nothing about a mutant, neither way. */
    private static final int MOST_STALLS = 10;

    /** Rules that no Java before 21 can test. */
    private static final Set<RuleId> OF_VIRTUAL_THREADS = Set.of(RuleId.of("4.21"), RuleId.of("7.15"));

    /** Rules that measure the heap of the JVM: what other mutants need at the time would count. */
    private static final Set<RuleId> OF_THE_HEAP = Set.of(RuleId.of("11.09"));

    private MutantRun() {}

    /** The killers that can do their work on this Java. */
    static Set<RuleId> killersHere(Mutant mutant) {
        var killers = new TreeSet<>(mutant.killers());
        if (Runtime.version().feature() < 21) {
            killers.removeAll(OF_VIRTUAL_THREADS);
        }
        return killers;
    }

    /** What the mutant's killers say of it, and the rules beside them in the catalogue. */
    static Map<RuleId, RuleResult> results(Mutant mutant) {
        var results = new TreeMap<RuleId, RuleResult>();
        try (TckBackend backend = mutant.backend().get();
                var once = run(mutant, backend, 1);
                var often = run(mutant, backend, REPEATS)) {
            for (RuleTest test : tests(mutant)) {
                RuleId rule = test.spec().id();
                results.put(rule, steady(mutant.killers().contains(rule) ? often : once, test));
            }
        }
        return results;
    }

    private static TckRun run(Mutant mutant, TckBackend backend, int repeat) {
        return new TckRun(backend, new RunSettings(1, 1, repeat, List.of(), folder(mutant)));
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
    static boolean isRed(RuleResult result) {
        return result.verdict() == Verdict.FAIL || result.isMeasuredOnly();
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
                        .filter(j -> isFair(all.get(j).spec().id(), mutant))
                        .forEach(chosen::add);
            }
        }
        return chosen.stream().map(all::get).toList();
    }

    private static boolean isFair(RuleId rule, Mutant mutant) {
        return mutant.alone() || mutant.killers().contains(rule) || !OF_THE_HEAP.contains(rule);
    }

    static Set<RuleId> union(Set<RuleId> killers, Set<RuleId> collateral) {
        var all = new TreeSet<>(killers);
        all.addAll(collateral);
        return all;
    }
}
