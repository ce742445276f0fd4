// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its two events. Immutable.
 *
 * @param invoke its begin
 * @param end its end; null if nobody was told
 */
record Operation(HistoryEvent invoke, @Nullable HistoryEvent end) {
    /** What the caller was told. */
    enum Answer {
        /** Done. */
        OK,
        /** Held by another. */
        REFUSED,
        /** Not done: of a release "not held", of an extension "over". */
        FAILED,
        /** Nothing that tells whether it was done. */
        UNKNOWN
    }

    /** The instant of an answer that never came. */
    static final long NEVER = Long.MAX_VALUE;

    Kind kind() {
        return invoke.kind();
    }

    String process() {
        return invoke.process();
    }

    String lock() {
        return invoke.lock();
    }

    Answer answer() {
        if (end == null) {
            return Answer.UNKNOWN;
        }
        return switch (end.phase()) {
            case OK -> end.kind() == Kind.TRY_FAIL ? Answer.REFUSED : Answer.OK;
            case FAIL -> Answer.FAILED;
            case INFO, INVOKE -> Answer.UNKNOWN;
        };
    }

    boolean isGrant() {
        return kind().acquires() && answer() == Answer.OK;
    }

    long calledAt() {
        return invoke.nanos();
    }

    /** When the caller was told anything, a failure that explains nothing included. */
    long returnedAt() {
        return end == null ? NEVER : end.nanos();
    }

    List<HistoryEvent> events() {
        return end == null ? List.of(invoke) : List.of(invoke, end);
    }
}
