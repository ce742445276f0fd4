// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Shows on stderr how far a comparison is. */
interface Progress {
    /** How often the display moves. */
    Duration TICK = Duration.ofMillis(100);

    /** Begins a comparison. */
    Bar start(int runs, Duration time);

    /** {@return a bar that moves if a person watches, else one line for each run} */
    static Progress to(PrintWriter err) {
        return Terminal.isInteractive() ? TerminalBar::new : (runs, time) -> new PlainLines(err, runs, time);
    }

    /** One comparison's display. */
    interface Bar extends AutoCloseable {
        /** The next run begins. */
        void begin(String title);

        /** Moves for the length of a run, or until it ends early. */
        void follow(BooleanSupplier ended) throws InterruptedException;

        @Override
        void close();
    }
}
