// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.RuleId;
import io.interlock.tck.history.Finding.Unknown;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.OrderSearch.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether one order of all calls about a lock explains every answer; and if not, which answers have no place. */
final class StageTwo {
    static final RuleId ORDER = new RuleId(14, 3);
    static final RuleId REFUSALS = new RuleId(14, 4);

    /** More would hide the first ones. */
    private static final int MAX_FINDINGS = 10;

    private final LockHistory lock;
    private final HistoryHeader header;
    private final Sentences words;
    private final Set<Operation> leftOut = new HashSet<>();
    private final List<Finding> found = new ArrayList<>();
    private final boolean tokensInOrder;
    private final long budget;
    private long budgetLeft;

    /**
     * The search for a lock.
     *
     * @param tokensInOrder whether stage one has nothing against the tokens; else the search does without them
     */
    StageTwo(LockHistory lock, HistoryHeader header, Sentences words, boolean tokensInOrder, long budget) {
        this.lock = lock;
        this.header = header;
        this.words = words;
        this.tokensInOrder = tokensInOrder;
        this.budget = budget;
        budgetLeft = budget;
    }

    /** Searches; an answer that has no place is reported and left out, and the search begins again. */
    List<Finding> check() {
        while (found.size() < MAX_FINDINGS) {
            Outcome outcome = search(leftOut);
            if (outcome instanceof Outcome.Explained) {
                break;
            }
            if (outcome instanceof Outcome.GaveUp) {
                found.add(gaveUp());
                break;
            }
            Outcome.Stuck stuck = culprit((Outcome.Stuck) outcome);
            found.add(violation(stuck));
            leaveOut(stuck.task());
        }
        return found;
    }

    private Outcome search(Set<Operation> without) {
        var tasks = Tasks.of(lock, without, header, tokensInOrder);
        var search = new OrderSearch(tasks, Tasks.unknownGrants(lock), budgetLeft);
        Outcome outcome = search.run();
        budgetLeft = search.budgetLeft();
        return outcome;
    }

    /**
     * What is to blame. An early grant may be all that explains a refusal, and then the grants after it are those that
     * have no place; if everything but the refusals has an order, the first refusal that spoils it is to blame.
     */
    private Outcome.Stuck culprit(Outcome.Stuck stuck) {
        if (stuck.task().effect() == Task.Effect.WAS_HELD) {
            return stuck;
        }
        List<Task> refusals = Tasks.of(lock, leftOut, header, tokensInOrder).stream()
                .filter(task -> task.effect() == Task.Effect.WAS_HELD)
                .sorted(Comparator.comparingLong(task -> task.call().returnedAt()))
                .toList();
        Outcome none = searchWith(refusals, 0);
        if (!(none instanceof Outcome.Explained)) {
            return none instanceof Outcome.Stuck without ? without : stuck;
        }
        int explained = 0;
        int spoilt = refusals.size();
        while (spoilt - explained > 1) {
            int middle = (explained + spoilt) >>> 1;
            if (searchWith(refusals, middle) instanceof Outcome.Explained) {
                explained = middle;
            } else {
                spoilt = middle;
            }
        }
        return new Outcome.Stuck(refusals.get(spoilt - 1), null);
    }

    /** Searches with no more than the first refusals. */
    private Outcome searchWith(List<Task> refusals, int count) {
        Set<Operation> without = new HashSet<>(leftOut);
        refusals.stream().skip(count).map(Task::call).forEach(without::add);
        return search(without);
    }

    private void leaveOut(Task task) {
        leftOut.add(task.call());
        if (task.hold() != null && task.call().kind() == Kind.RELEASE) {
            task.hold().endedUnexplained(task.call().calledAt());
        }
    }

    long stepsTaken() {
        return budget - Math.max(0, budgetLeft);
    }

    private Unknown gaveUp() {
        return new Unknown("14.03 lock '" + lock.name() + "': no verdict within " + budget + " steps over "
                + lock.operations().size() + " calls; raise the budget, or record a shorter history");
    }

    private Violation violation(Outcome.Stuck stuck) {
        Task task = stuck.task();
        RuleId rule = task.effect() == Task.Effect.WAS_HELD ? REFUSALS : ORDER;
        List<HistoryEvent> events = new ArrayList<>(task.call().events());
        if (task.hold() != null && !task.hold().acquisition().equals(task.call())) {
            events.addAll(task.hold().acquisition().events());
        }
        if (stuck.holder() != null && stuck.holder() != task.hold()) {
            events.addAll(stuck.holder().events());
        }
        return new Violation(
                rule, rule + " lock '" + lock.name() + "': " + sentence(task, stuck.holder()), List.copyOf(events));
    }

    private String sentence(Task task, @Nullable Hold holder) {
        Operation call = task.call();
        String who = call.process();
        String when = words.call(call);
        return switch (task.effect()) {
            case GRANTED ->
                who + " was granted it"
                        + (task.hold() == null
                                ? ""
                                : Sentences.token(task.hold().token())) + " " + when
                        + (holder == null ? ", out of order" : " while " + holding(holder));
            case WAS_HELD, PERHAPS_HELD ->
                who + " was told 'held by another' " + when
                        + ", though nobody can have held it at any instant of the call";
            case RELEASED ->
                who + " was told 'released' for " + meant(task) + " " + when
                        + ", but at no instant of the call was that the holder" + instead(holder);
            case NOT_HOLDER ->
                who + " was told 'not held' for " + meant(task) + " " + when + ", though nothing had ended it";
            case PROLONGED ->
                who + " was told 'prolonged' for " + meant(task) + " " + when
                        + ", but at no instant of the call was that the holder" + instead(holder);
            case ENDED -> "the end from outside by " + who + " " + when + " does not fit";
        };
    }

    private static String meant(Task task) {
        return task.hold() == null
                ? "a grant of somebody else"
                        + Sentences.token(task.call().invoke().token())
                : "its grant" + Sentences.token(task.hold().token());
    }

    private String holding(Hold holder) {
        return holder.process() + Sentences.token(holder.token()) + " held it, since " + words.at(holder.grantedAt())
                + ", and nothing had ended that";
    }

    private String instead(@Nullable Hold holder) {
        return holder == null
                ? ": the lock was free"
                : "; it was " + holder.process() + Sentences.token(holder.token()) + ", since "
                        + words.at(holder.grantedAt());
    }
}
