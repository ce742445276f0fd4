// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.Trial;
import java.time.Duration;

/** As many rounds as a rule asks for, or what a slow store does in a few seconds, but never fewer than a tenth. */
final class BoundedRounds {
    private static final Duration TIME = Duration.ofSeconds(4);

    private BoundedRounds() {}

    /** One round. */
    interface Round {
        void run(int number) throws Exception;
    }

    /** {@return how many rounds there were} */
    static int run(Trial trial, int wanted, Round round) throws Exception {
        long end = trial.now() + TIME.toNanos();
        int done = 0;
        while (done < wanted && (done < wanted / 10 || trial.now() < end)) {
            round.run(done++);
        }
        return done;
    }
}
