// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.time.Duration;

/** The end of a wait on the monotonic clock, made once. Immutable. */
record Deadline(long at) {
    static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

    static Deadline after(Duration wait, long now) {
        return new Deadline(Nanos.plus(now, Nanos.of(wait)));
    }

    boolean isUnlimited() {
        return at == Long.MAX_VALUE;
    }

    boolean isOver(long now) {
        return now >= at;
    }

    /** The earlier of this and a delay from now. */
    long orAfter(long delayNanos, long now) {
        return Math.min(at, Nanos.plus(now, delayNanos));
    }
}
