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
    private static final int WATCHED_OF_SLOW_STORE = 100;
    private static final int REMEMBERED = 10; // what a buffer may still have of the last ones
    private static final int LEAST = 2_000; // fewer can't be seen in the heap
    private static final int MOST_ROUNDS = 3; // of five
    private static final long BYTES_PER_NAME = 60; // less than any map needs for an entry and its key
    private static final Duration ENOUGH = Duration.ofMillis(500);
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final int WARM_UP_ROUND = 10;
    private static final Duration QUICK = Duration.ofMillis(10); // for such a round

    private final Trial trial;
    private final LockClient client;
    private final Watched watched = new Watched();

    Forgetting(Trial trial) {
        this.trial = trial;
        client = trial.client();
    }

    void run() throws Exception {
        String prefix = trial.name() + "-";
        boolean quick = warmUp(prefix + "warm-up-");
        useOnce(prefix, 0, quick ? WATCHED : WATCHED_OF_SLOW_STORE);
        watched.requireCollected(trial, REMEMBERED, "were names, locks and leases for once");
        if (quick) {
            requireSteadyHeap(prefix);
        }
    }

    /**
     * Heaps breathe, up and down, by what others do: most of the rounds decide. What is remembered grows with the names and
     * what others need does not, so a round that has grown is followed by one with twice as many names.
     */
    private void requireSteadyHeap(String prefix) throws InterruptedException {
        int steady = 0;
        int grown = 0;
        while (steady < MOST_ROUNDS) {
            long before = usedHeap();
            int names = useMany(prefix + (steady + grown) + "-", LEAST << grown);
            watched.clear();
            long growth = growth(before, BYTES_PER_NAME * names);
            if (growth <= BYTES_PER_NAME * names) {
                steady++;
            } else if (++grown == MOST_ROUNDS) {
                throw new AssertionError("the client needs " + growth / names + " more bytes of heap for each of "
                        + names + " names that were used once and released");
            }
        }
    }

    /** {@return by how much the heap has grown} If by too much, once more after a while: a thread may be late to let go. */
    private long growth(long before, long most) throws InterruptedException {
        long growth = usedHeap() - before;
        for (Duration pause : Watched.PAUSES) {
            if (growth > most) {
                trial.pass(pause);
                growth = Math.min(growth, usedHeap() - before);
            }
        }
        return growth;
    }

    /**
     * {@return whether the store is quick} One that is not would need too long for what is seen in the heap. The quickest
     * round tells: a machine that is busy or cold slows most of them, but hardly all.
     */
    private boolean warmUp(String prefix) {
        long start = trial.now();
        long quickest = Long.MAX_VALUE;
        for (int names = 0; names < WATCHED && trial.now() - start < WARM_UP.toNanos(); names += WARM_UP_ROUND) {
            long round = trial.now();
            useOnce(prefix, names, names + WARM_UP_ROUND);
            quickest = Math.min(quickest, trial.now() - round);
        }
        watched.clear();
        return quickest < QUICK.toNanos();
    }

    /** {@return how many names were used} As many as there is time for, but not fewer than the least. */
    private int useMany(String prefix, int least) {
        long start = trial.now();
        int names = 0;
        while (names < least || (names < NAMES && trial.now() - start < ENOUGH.toNanos())) {
            useOnce(prefix, names, names + WATCHED);
            watched.clear();
            names += WATCHED;
        }
        return names;
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
