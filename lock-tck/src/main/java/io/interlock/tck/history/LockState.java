// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import org.jspecify.annotations.Nullable;

/**
 * What the store has for a lock, as the search thinks. Immutable.
 *
 * @param holder the grant; null if the lock is free or the grant is one that nobody was told of
 * @param isUnknownHolder whether the grant is one that nobody was told of; it may end at any time
 * @param unknownGrantsUsed how many calls without an answer were needed to explain what came before
 * @param turn how many grants with a token there were
 */
record LockState(@Nullable Hold holder, boolean isUnknownHolder, int unknownGrantsUsed, int turn) {
    static final LockState FREE = new LockState(null, false, 0, 0);

    /** Whether a task that only looks fits here; it changes nothing. */
    boolean allowsLook(Task task, long deadline) {
        return switch (task.effect()) {
            case WAS_HELD -> holder != null || isUnknownHolder;
            case PERHAPS_HELD -> true;
            case NOT_HOLDER -> holder != task.hold() || mayHaveEnded(deadline);
            case PROLONGED -> isHeldBy(task.hold());
            case GRANTED, RELEASED, ENDED -> false;
        };
    }

    /**
     * The state after a task.
     *
     * @param deadline the instant before which it, and all that made it possible, happened
     * @return null if it does not fit here
     */
    @Nullable
    LockState after(Task task, long deadline, long[] unknownGrants) {
        return switch (task.effect()) {
            case GRANTED -> granted(task, deadline);
            case RELEASED -> isHeldBy(task.hold()) ? free() : null;
            case ENDED -> holder == null || LockHistory.isMeant(task.call(), holder) ? free() : this;
            case WAS_HELD -> heldByUnknown(deadline, unknownGrants);
            case PERHAPS_HELD, NOT_HOLDER, PROLONGED -> null; // had their chance as ones that only look
        };
    }

    private @Nullable LockState granted(Task task, long deadline) {
        if (task.turn() != Task.NO_TURN && task.turn() != turn) {
            return null;
        }
        if (holder != null && !mayHaveEnded(deadline)) {
            return null;
        }
        return new LockState(task.hold(), false, unknownGrantsUsed, task.turn() == Task.NO_TURN ? turn : turn + 1);
    }

    private @Nullable LockState heldByUnknown(long deadline, long[] unknownGrants) {
        boolean possible = holder == null && unknownGrantsUsed < Tasks.countUpTo(unknownGrants, deadline);
        return possible ? new LockState(null, true, unknownGrantsUsed + 1, turn) : null;
    }

    private LockState free() {
        return new LockState(null, false, unknownGrantsUsed, turn);
    }

    private boolean isHeldBy(@Nullable Hold hold) {
        return hold != null && holder == hold;
    }

    private boolean mayHaveEnded(long deadline) {
        return holder != null && holder.mayEndFrom() <= deadline;
    }
}
