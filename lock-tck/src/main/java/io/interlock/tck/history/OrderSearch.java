// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one order of the calls that explains all answers: the search of Wing and Gong with Lowe's memory of the
 * (set of placed calls, state) that led nowhere. Confined to one thread.
 *
 * <p>Three things keep it short. A call that only looks is placed as soon as it fits, without an alternative: moving it
 * forward in an order that explains everything leaves one that does. Grants with tokens come in the order of their
 * tokens. And what may end by itself, a grant after its validity or one that nobody was told of, ends only when
 * something else needs the lock: until then it excludes nothing that a free lock would allow.
 */
final class OrderSearch {
    /** How the search ended. */
    sealed interface Outcome {
        /** There is an order. */
        record Explained() implements Outcome {}

        /** There is none; no order gets beyond the answer of a task. Somebody held the lock then, or null. */
        record Stuck(Task task, @Nullable Hold holder) implements Outcome {}

        /** Nobody knows: the budget is used up. */
        record GaveUp() implements Outcome {}
    }

    /** A placed task, and what was before it. */
    private record Frame(int task, LockState before, int highestBefore, boolean onlyChoice) {}

    private final List<Task> tasks;
    private final EventLine line;
    private final long[] unknownGrants;
    private final Deque<Frame> placed = new ArrayDeque<>();
    private final Map<Situation, Integer> seen = new HashMap<>();
    private LockState state = LockState.FREE;
    private int highest = -1; // the task with the latest begin that is placed
    private long budget;
    private int furthest;
    private @Nullable Hold holderThere;

    OrderSearch(List<Task> tasks, long[] unknownGrants, long budget) {
        this.tasks = tasks;
        this.unknownGrants = unknownGrants;
        this.budget = budget;
        line = new EventLine(tasks);
    }

    /** What of the budget is left. */
    long budgetLeft() {
        return budget;
    }

    Outcome run() {
        int place = line.first();
        while (!line.isEmpty()) {
            if (budget-- <= 0) {
                return new Outcome.GaveUp();
            }
            if (place == line.first() && placeWhatOnlyLooks()) {
                place = line.first();
            } else if (!line.isAnswer(place)) {
                place = tryToPlace(line.task(place)) ? line.first() : line.after(place);
            } else {
                noteDeadEnd(place);
                int back = goBack();
                if (back == EventLine.END) {
                    return new Outcome.Stuck(tasks.get(line.task(furthest)), holderThere);
                }
                place = back;
            }
        }
        return new Outcome.Explained();
    }

    private boolean placeWhatOnlyLooks() {
        for (int place = line.first(); !line.isAnswer(place); place = line.after(place)) {
            int task = line.task(place);
            if (tasks.get(task).looksOnly() && state.allowsLook(tasks.get(task), line.deadline())) {
                push(task, state, true);
                return true;
            }
        }
        return false;
    }

    private boolean tryToPlace(int task) {
        LockState after = state.after(tasks.get(task), line.deadline(), unknownGrants);
        if (after == null) {
            return false;
        }
        push(task, after, false);
        if (isNew()) {
            return true;
        }
        pop();
        return false;
    }

    private void push(int task, LockState after, boolean onlyChoice) {
        placed.push(new Frame(task, state, highest, onlyChoice));
        line.lift(task);
        state = after;
        highest = Math.max(highest, task);
    }

    private Frame pop() {
        Frame frame = placed.pop();
        line.putBack(frame.task());
        state = frame.before();
        highest = frame.highestBefore();
        return frame;
    }

    /** Takes back what was placed, up to the last choice; the place to go on from, or the end if there is none. */
    private int goBack() {
        while (!placed.isEmpty()) {
            Frame frame = pop();
            if (!frame.onlyChoice()) {
                return line.after(line.begin(frame.task()));
            }
        }
        return EventLine.END;
    }

    private void noteDeadEnd(int place) {
        if (place > furthest) {
            furthest = place;
            holderThere = state.holder();
        }
    }

    /** Whether nothing as good was here before: same calls placed, same holder, no more unknown grants used. */
    private boolean isNew() {
        var situation = new Situation(state.holder(), state.isUnknownHolder(), missing());
        Integer before = seen.get(situation);
        if (before != null && before <= state.unknownGrantsUsed()) {
            return false;
        }
        seen.put(situation, state.unknownGrantsUsed());
        return true;
    }

    /** The set of placed tasks in short: the highest one, and those before it that are not placed. */
    private int[] missing() {
        int count = 0;
        int[] missing = new int[8];
        missing[count++] = highest;
        for (int place = line.first(); place != EventLine.END; place = line.after(place)) {
            if (line.isAnswer(place)) {
                continue;
            }
            if (line.task(place) > highest) {
                break;
            }
            if (count == missing.length) {
                missing = Arrays.copyOf(missing, 2 * count);
            }
            missing[count++] = line.task(place);
        }
        return Arrays.copyOf(missing, count);
    }

    /** The placed tasks and the state of the lock: a key, compared by what is in it. */
    private static final class Situation {
        private final @Nullable Hold holder;
        private final boolean unknownHolder;
        private final int[] placed;

        Situation(@Nullable Hold holder, boolean unknownHolder, int[] placed) {
            this.holder = holder;
            this.unknownHolder = unknownHolder;
            this.placed = placed;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Situation that
                    && holder == that.holder
                    && unknownHolder == that.unknownHolder
                    && Arrays.equals(placed, that.placed);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(placed) + System.identityHashCode(holder) + (unknownHolder ? 1 : 0);
        }
    }
}
