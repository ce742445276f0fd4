// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.LockClient;
import io.interlock.tck.history.HistoryRecorder;
import io.interlock.tck.history.RecordedLease;
import io.interlock.tck.history.RecordedLock;

/** Two clients that take a lock in turns, one after the other: a history in which it is known who held when. */
final class Turns {
    static final String FIRST = "first";
    static final String SECOND = "second";
    static final int GRANTS = 6;

    private Turns() {}

    static void take(HistoryRecorder recorder, LockClient first, LockClient second, String name)
            throws InterruptedException {
        RecordedLock one = recorder.lock(FIRST, first.lock(name));
        RecordedLock two = recorder.lock(SECOND, second.lock(name));
        for (int turn = 0; turn < GRANTS; turn += 2) {
            turn(one, two, name);
            turn(two, one, name);
        }
    }

    private static void turn(RecordedLock lock, RecordedLock other, String name) throws InterruptedException {
        try (RecordedLease lease = lock.acquire()) {
            other.tryAcquire().ifPresent(second -> {
                throw new AssertionError("lock '" + name + "' was granted to a second client while one held it");
            });
        }
    }
}
