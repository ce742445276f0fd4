// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.Operation.Answer;
import io.interlock.tck.history.Task.Effect;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the calls about a lock into what the search must find an order for. Confined to one thread. */
final class Tasks {
    private final LockHistory lock;
    private final Set<Operation> leftOut;
    private final PassingGrants passingGrants;
    private final Map<Hold, Integer> turns = new HashMap<>();

    private Tasks(LockHistory lock, Set<Operation> leftOut, HistoryHeader header, boolean tokensInOrder) {
        this.lock = lock;
        this.leftOut = leftOut;
        passingGrants = new PassingGrants(lock.operations(), header.lateGrants().toNanos());
        lock.holds().stream()
                .filter(hold -> tokensInOrder && hold.token().isPresent() && !leftOut.contains(hold.acquisition()))
                .sorted(Comparator.comparingLong(hold -> hold.token().orElseThrow()))
                .forEach(hold -> turns.put(hold, turns.size()));
    }

    /**
     * The tasks of a lock, in order of their begins.
     *
     * @param leftOut calls that are known to have no place, with all that is about their grants
     * @param tokensInOrder whether the tokens tell the order of the grants
     */
    static List<Task> of(LockHistory lock, Set<Operation> leftOut, HistoryHeader header, boolean tokensInOrder) {
        var tasks = new Tasks(lock, leftOut, header, tokensInOrder);
        return lock.operations().stream()
                .map(tasks::task)
                .filter(Objects::nonNull)
                .toList();
    }

    /** When calls began that may have made a grant that nobody was told of, in order. */
    static long[] unknownGrants(LockHistory lock) {
        return lock.operations().stream()
                .filter(call -> call.kind().acquires() && call.answer() == Answer.UNKNOWN)
                .mapToLong(Operation::calledAt)
                .sorted()
                .toArray();
    }

    private @Nullable Task task(Operation call) {
        Hold hold = lock.holdOf(call);
        Effect effect =
                leftOut.contains(call) || (hold != null && leftOut.contains(hold.acquisition())) ? null : effect(call);
        return effect == null ? null : new Task(call, effect, owned(call, hold), turn(effect, hold));
    }

    private int turn(Effect effect, @Nullable Hold hold) {
        return effect == Effect.GRANTED && hold != null ? turns.getOrDefault(hold, Task.NO_TURN) : Task.NO_TURN;
    }

    /** Nobody can end or prolong a grant of somebody else. */
    private static @Nullable Hold owned(Operation call, @Nullable Hold hold) {
        return hold != null && (call.kind() == Kind.EXPIRE || hold.process().equals(call.process())) ? hold : null;
    }

    private @Nullable Effect effect(Operation call) {
        return switch (call.answer()) {
            case OK ->
                switch (call.kind()) {
                    case TRY, ACQUIRE -> Effect.GRANTED;
                    case RELEASE -> Effect.RELEASED;
                    case EXTEND -> Effect.PROLONGED;
                    case EXPIRE -> Effect.ENDED;
                    case TRY_FAIL, CLAIM, LOST, KILL -> throw new IllegalStateException(call.kind() + " is no call");
                };
            case REFUSED -> passingGrants.around(call) ? Effect.PERHAPS_HELD : Effect.WAS_HELD;
            case FAILED -> call.kind() == Kind.RELEASE ? Effect.NOT_HOLDER : null;
            case UNKNOWN -> null;
        };
    }

    /**
     * Calls that may have had a grant for a moment: they gave it back because it came too late, or an end from outside
     * struck it before they were told, and they asked again.
     */
    private static final class PassingGrants {
        private final long[] begins;
        private final long[] ends;
        private final Set<Operation> calls;

        PassingGrants(List<Operation> operations, long grace) {
            List<Operation> strikes = operations.stream()
                    .filter(call -> call.kind() == Kind.EXPIRE)
                    .toList();
            Map<Operation, Long> passing = new HashMap<>();
            for (Operation call : operations) {
                boolean late = (call.answer() != Answer.OK && call.kind() == Kind.ACQUIRE)
                        || (grace > 0 && call.kind().acquires());
                if (late && call.returnedAt() != Operation.NEVER) {
                    passing.put(call, call.returnedAt() + grace);
                } else if (call.kind().acquires()) {
                    strikes.stream()
                            .filter(end -> end.calledAt() <= call.returnedAt() && call.calledAt() <= end.returnedAt())
                            .mapToLong(end -> Math.min(end.returnedAt(), call.returnedAt()))
                            .max()
                            .ifPresent(last -> passing.put(call, last));
                }
            }
            begins = passing.keySet().stream()
                    .mapToLong(Operation::calledAt)
                    .sorted()
                    .toArray();
            this.ends = passing.values().stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            calls = Set.copyOf(passing.keySet());
        }

        /** Whether another such call was there at some instant of this one. */
        boolean around(Operation call) {
            int begun = countUpTo(begins, call.returnedAt());
            int over = countUpTo(ends, call.calledAt() - 1);
            return begun - over > (calls.contains(call) ? 1 : 0);
        }
    }

    /** How many of the sorted values are no larger than a bound. */
    static int countUpTo(long[] sorted, long bound) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
