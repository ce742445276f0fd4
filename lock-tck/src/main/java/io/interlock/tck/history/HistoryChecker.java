// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.CheckResult.Counts;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.HistoryHeader.Refusals;
import io.interlock.tck.history.Operation.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Judges histories. Thread-safe.
 *
 * <p>Stage one compares grants: what two clients relied on at a time (14.01), and the order of tokens (14.02). Stage
 * two looks, lock by lock, for one order of all calls that explains every answer (14.03), refusals included (14.04).
 */
public final class HistoryChecker {
    /** Steps of the search for one lock; a history of 5 000 calls takes some ten thousands. */
    public static final long DEFAULT_BUDGET = 1_000_000;

    private final long budget;

    private HistoryChecker(long budget) {
        this.budget = budget;
    }

    /** {@return a checker with the default budget} */
    public static HistoryChecker standard() {
        return new HistoryChecker(DEFAULT_BUDGET);
    }

    /**
     * A checker with a budget of its own.
     *
     * @param steps of the search for one lock; when they are used up, the verdict is {@link Finding.Unknown}
     * @return the checker
     */
    public static HistoryChecker withBudget(long steps) {
        if (steps <= 0) {
            throw new IllegalArgumentException("budget = " + steps + ": must be positive");
        }
        return new HistoryChecker(steps);
    }

    /**
     * Judges a history.
     *
     * @param history complete: what was left out can't be explained
     * @return what was found against it
     */
    public CheckResult check(History history) {
        Collection<LockHistory> locks;
        try {
            locks = LockHistory.of(history.events());
        } catch (IllegalArgumentException gap) {
            var unknown = new Finding.Unknown("the history has a gap and proves nothing: " + gap.getMessage());
            return new CheckResult(List.of(unknown), List.of(), counts(history, List.of(), new Effort()));
        }
        var effort = new Effort();
        var words = new Sentences(history.start());
        List<Finding> findings = new ArrayList<>();
        List<Violation> measured = new ArrayList<>();
        for (LockHistory lock : locks) {
            checkLock(lock, history.header(), words, effort, findings, measured);
        }
        return new CheckResult(List.copyOf(findings), List.copyOf(measured), counts(history, locks, effort));
    }

    private void checkLock(
            LockHistory lock,
            HistoryHeader header,
            Sentences words,
            Effort effort,
            List<Finding> findings,
            List<Violation> measured) {
        long begin = System.nanoTime();
        List<Violation> first = StageOne.check(lock, words);
        long middle = System.nanoTime();
        boolean tokensInOrder =
                first.stream().noneMatch(violation -> violation.rule().equals(StageOne.TOKENS));
        var stageTwo = new StageTwo(lock, header, words, tokensInOrder, budget);
        List<Finding> second = stageTwo.check();
        effort.add(middle - begin, System.nanoTime() - middle, stageTwo.stepsTaken());
        findings.addAll(first);
        Set<HistoryEvent> known = new HashSet<>();
        first.forEach(violation -> known.addAll(violation.events()));
        for (Finding finding : second) {
            if (!(finding instanceof Violation violation)) {
                findings.add(finding);
            } else if (violation.rule().equals(StageTwo.REFUSALS) && header.refusals() == Refusals.MEASURED) {
                measured.add(violation);
            } else if (!known.contains(violation.events().get(0))) { // else it is the same, told worse
                findings.add(violation);
            }
        }
    }

    private static Counts counts(History history, Collection<LockHistory> locks, Effort effort) {
        long clients =
                history.events().stream().map(HistoryEvent::process).distinct().count();
        return new Counts(
                count(locks, call -> true),
                Math.toIntExact(clients),
                locks.size(),
                count(locks, Operation::isGrant),
                count(locks, call -> call.answer() == Answer.REFUSED),
                count(locks, call -> call.answer() == Answer.UNKNOWN),
                Duration.ofNanos(history.end() - history.start()),
                effort.steps,
                Duration.ofNanos(effort.stage1),
                Duration.ofNanos(effort.stage2));
    }

    private static int count(Collection<LockHistory> locks, Predicate<Operation> which) {
        return Math.toIntExact(locks.stream()
                .flatMap(lock -> lock.operations().stream())
                .filter(which)
                .count());
    }

    /** What the check cost. */
    private static final class Effort {
        private long stage1;
        private long stage2;
        private long steps;

        void add(long first, long second, long moreSteps) {
            stage1 += first;
            stage2 += second;
            steps += moreSteps;
        }
    }
}
