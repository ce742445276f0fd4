// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import java.util.concurrent.locks.LockSupport;

/**
 * Plain fields that each holder finds as the one before left them. Nothing in here synchronizes, so that only the lock
 * under test can make what one thread wrote seen by the next.
 */
final class Written {
    private static final int MORE = 32;

    private final String name;
    private final long[] more = new long[MORE];
    private long first;
    private long last;

    Written(String name) {
        this.name = name;
    }

    /** Checks what the holder before wrote, and writes the next. */
    void next(String who) {
        long seen = first;
        assertSame(who, seen, last);
        for (long one : more) {
            assertSame(who, seen, one);
        }
        LockSupport.parkNanos(1_000);
        first = seen + 1;
        for (int i = 0; i < MORE; i++) {
            more[i] = seen + 1;
        }
        last = seen + 1;
    }

    private void assertSame(String who, long seen, long other) {
        if (seen != other) {
            throw new AssertionError(
                    "lock '" + who + "': its holder sees one plain field at " + seen + " and another at " + other
                            + ", which the holder before had set to the same number before its release");
        }
    }

    /** Demands that no write was lost; when everybody has ended. */
    void assertWritten(long times) {
        if (first != times) {
            throw new AssertionError(
                    "lock '" + name + "' was held " + times + " times to count a plain field up, and it is at " + first
                            + ": a holder did not see what the one before wrote");
        }
    }
}
