// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.time.Duration;

/**
 * One call to the store and the time that is left of it. Immutable.
 *
 * <p>Counted in real time and not on the engine's clock, because sockets know no other; validity is never taken from it.
 *
 * @param what what is being done, for messages
 * @param timeout the bound of the whole call: waiting for a connection, connecting, and all round trips
 * @param endNanos when it is over, on {@link System#nanoTime}
 */
record StoreCall(String what, Duration timeout, long endNanos) {
    static StoreCall begin(String what, Duration timeout) {
        return new StoreCall(what, timeout, System.nanoTime() + timeout.toNanos());
    }

    boolean isOver() {
        return endNanos - System.nanoTime() <= 0;
    }

    /** Whether who waited for what was {@link #left} has waited to the end: that is whole milliseconds. */
    boolean isSpent() {
        return leftMillis() <= 1;
    }

    /** At least 1 ms: for pools and sockets, zero and less mean for ever. */
    Duration left() {
        return Duration.ofMillis(leftMillis());
    }

    int leftMillis() {
        long nanos = endNanos - System.nanoTime();
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos / 1_000_000));
    }
}
