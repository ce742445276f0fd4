// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Progress for logs: one line when a run begins. */
final class PlainLines implements Progress.Bar {
    private final PrintWriter err;
    private final int runs;
    private final Duration time;
    private int begun;

    PlainLines(PrintWriter err, int runs, Duration time) {
        this.err = err;
        this.runs = runs;
        this.time = time;
    }

    @Override
    public void begin(String title) {
        begun++;
        err.println("run " + begun + " of " + runs + ": " + title + ", " + time.toSeconds() + " s");
        err.flush();
    }

    @Override
    public void follow(BooleanSupplier ended) throws InterruptedException {
        long start = System.nanoTime();
        while (!ended.getAsBoolean() && System.nanoTime() - start < time.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(Progress.TICK.toNanos());
        }
    }

    @Override
    public void close() {}
}
