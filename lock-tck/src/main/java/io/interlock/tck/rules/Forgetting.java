// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.run.Trial;
import java.time.Duration;

/**
 * Uses many names once each, and looks whether the client remembers them: some of them by weak references, which tell of
 * a single one, and all of them by the heap, which tells of copies too. Confined to one thread.
 */
final class Forgetting {
    private static final int NAMES = 100_000;
    private static final int WATCHED = 1_000;
    private static final int REMEMBERED = 10; // what a buffer may still have of the last ones
    private static final int MEASURED = 30_000;
    private static final long BYTES_PER_NAME = 60; // less than any map needs for an entry and its key
    private static final Duration ENOUGH = Duration.ofMillis(500);
    private static final Duration TOO_SLOW = Duration.ofSeconds(10);

    private final Trial trial;
    private final LockClient client;
    private final Watched watched = new Watched();

    Forgetting(Trial trial) {
        this.trial = trial;
        client = trial.client();
    }

    void run() throws Exception {
        String prefix = trial.name() + "-";
        useOnce(prefix + "warm-up-", 0, WATCHED);
        watched.clear();
        useOnce(prefix, 0, WATCHED);
        watched.requireCollected(trial, REMEMBERED, "were names, locks and leases for once");
        // heaps breathe: what is remembered shows in every round, and what others do is gone in one of three
        long growth = Long.MAX_VALUE;
        int names = 0;
        for (int round = 0; round < 3 && growth > BYTES_PER_NAME * names; round++) {
            long before = usedHeap();
            names = useMany(prefix + round + "-");
            watched.clear();
            growth = usedHeap() - before;
        }
        if (names >= MEASURED && growth > BYTES_PER_NAME * names) {
            throw new AssertionError("the client needs " + growth / names + " more bytes of heap for each of " + names
                    + " names that were used once and released");
        }
    }

    /** As many as there is time for; those of a slow store may be too few to be seen in the heap. */
    private int useMany(String prefix) {
        long start = trial.now();
        int names = 0;
        while (names < NAMES && trial.now() - start < patience(names, trial.now() - start)) {
            useOnce(prefix, names, names + WATCHED);
            watched.clear();
            names += WATCHED;
        }
        return names;
    }

    /** A machine that is busy gets its time; a store that would need longer than that is not waited for. */
    private static long patience(int names, long elapsed) {
        if (names >= MEASURED || (elapsed > ENOUGH.toNanos() && names * TOO_SLOW.toNanos() < MEASURED * elapsed)) {
            return ENOUGH.toNanos();
        }
        return TOO_SLOW.toNanos();
    }

    private void useOnce(String prefix, int from, int to) {
        for (int i = from; i < to; i++) {
            String name = prefix + i;
            DistributedLock lock = client.lock(name);
            Lease lease = trial.take(lock);
            lease.release();
            watched.add(name);
            watched.add(lock);
            watched.add(lease);
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
