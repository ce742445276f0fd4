// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * One thing that happened to a lock, as one client saw it: the begin or the end of a call, or a mark. Immutable.
 *
 * @param process the client: its own connection and identity; unique in a history
 * @param thread that made the call
 * @param op the number of the call, unique within the process; both events of a call have it
 * @param kind what was called, or what happened
 * @param phase begin, or how it ended
 * @param nanos {@link System#nanoTime}; comparable between the JVMs of one host
 * @param lock the name of the lock; empty for {@link Kind#KILL}
 * @param token the fencing token, if there is one
 * @param validUntil Until when the client claims to hold, on the scale of {@code nanos}. Of a grant without it nothing
 *     but a release, a loss or an end from outside is expected.
 * @param grant the {@code op} of the acquisition that made the grant which this is about
 * @param note for people: the wait, the reason of a loss, the message of an exception
 */
public record HistoryEvent(
        String process,
        String thread,
        long op,
        Kind kind,
        Phase phase,
        long nanos,
        String lock,
        OptionalLong token,
        OptionalLong validUntil,
        OptionalLong grant,
        String note) {
    /** What was called, or what happened. */
    public enum Kind {
        /** A call that makes one attempt and does not wait. */
        TRY,
        /** A call that waits. */
        ACQUIRE,
        /** The answer "held by another" to a {@link #TRY} or an {@link #ACQUIRE}; its phase is {@link Phase#OK}. */
        TRY_FAIL,
        /** A call that gives a grant back; {@link Phase#FAIL} is the answer "not held". */
        RELEASE,
        /** A call that prolongs a grant; {@link Phase#FAIL} is the answer "lease is over". */
        EXTEND,
        /** A mark: the holder looked, and may rely on the grant until {@code validUntil}. */
        CLAIM,
        /** A mark: the holder was told that it lost the grant. */
        LOST,
        /** Somebody outside ends whatever the store has for the lock, or the grant of the token if there is one. */
        EXPIRE,
        /** A mark: from here on the process, killed or closed, holds nothing and answers no more. */
        KILL;

        /** Whether it is a call that may bring a grant. */
        boolean acquires() {
            return this == TRY || this == ACQUIRE;
        }

        /** Whether it stands alone, as one event of phase {@link Phase#INFO}. */
        boolean isMark() {
            return this == CLAIM || this == LOST || this == KILL;
        }
    }

    /** Begin of a call, or how it ended. */
    public enum Phase {
        /** The call begins. */
        INVOKE,
        /** It did what it says. */
        OK,
        /** It did nothing, for sure. */
        FAIL,
        /** It may have done it, or may still do it later; the phase of marks too. */
        INFO
    }

    /**
     * Checks that nothing is missing.
     *
     * @param process as the record tells
     * @param thread as the record tells
     * @param op as the record tells
     * @param kind as the record tells
     * @param phase as the record tells
     * @param nanos as the record tells
     * @param lock as the record tells
     * @param token as the record tells
     * @param validUntil as the record tells
     * @param grant as the record tells
     * @param note as the record tells
     */
    public HistoryEvent {
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(thread, "thread");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(lock, "lock");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(validUntil, "validUntil");
        Objects.requireNonNull(grant, "grant");
        Objects.requireNonNull(note, "note");
    }

    /** The call that it belongs to. */
    CallId call() {
        return new CallId(process, op);
    }

    /** The acquisition that made the grant which it is about; only if {@link #grant} is there. */
    CallId grantCall() {
        return new CallId(process, grant.orElseThrow());
    }
}
