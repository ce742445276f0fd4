// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Random;

/** Two things that happen at about the same time, many times, at distances that the seed of the run repeats. */
final class Race {
    private static final int LEAST_ROUNDS = 20;
    private static final int MOST_PAUSE_BITS = 20; // about a millisecond

    private Race() {}

    /** One thing that races another. */
    interface Step {
        void run() throws Exception;
    }

    /**
     * Runs rounds, at most so many. Where one takes much more than a millisecond, as with a backend that polls, there are
     * as many as the time allows.
     */
    static void rounds(int most, Duration time, Step round) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < most && (i < LEAST_ROUNDS || System.nanoTime() - start < time.toNanos()); i++) {
            round.run();
        }
    }

    /** Does both, in either order, close together. */
    static void run(Trial trial, Step one, Step other) throws Exception {
        boolean swapped = trial.random().nextBoolean();
        pause(trial.random());
        (swapped ? other : one).run();
        pause(trial.random());
        (swapped ? one : other).run();
    }

    /** From a nanosecond to a millisecond, each order of magnitude as often as the others. No order relies on it. */
    static void pause(Random random) {
        long most = 1L << random.nextInt(MOST_PAUSE_BITS);
        long start = System.nanoTime();
        while (System.nanoTime() - start < most) {
            Thread.onSpinWait();
        }
    }
}
