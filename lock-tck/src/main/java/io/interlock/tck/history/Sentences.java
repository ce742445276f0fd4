// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.util.Locale;
import java.util.OptionalLong;

/** Puts what was found into words: times in milliseconds from the start of the history. Immutable. */
final class Sentences {
    private final long start;

    Sentences(long start) {
        this.start = start;
    }

    String at(long nanos) {
        return nanos == Operation.NEVER ? "never" : millis(nanos - start);
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }

    String call(Operation call) {
        return "(called at " + at(call.calledAt())
                + (call.returnedAt() == Operation.NEVER
                        ? ", no answer)"
                        : ", answered at " + at(call.returnedAt()) + ")");
    }

    static String token(OptionalLong token) {
        return token.isPresent() ? " with token " + token.getAsLong() : "";
    }

    /** What a hold's end is known by. */
    String definiteHold(Hold hold) {
        return "from " + at(hold.grantedAt()) + " until " + at(hold.definiteEnd());
    }
}
