// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.demo.SharedCounter.Departure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;

/** One thread that counts again and again until the time is over. */
final class CountingThread implements Callable<WorkerReport> {
    private final long who;
    private final Guard guard;
    private final SharedCounter counter;
    private final Duration time;
    private final Histogram handovers = WorkerReport.newHistogram();

    CountingThread(long who, Guard guard, SharedCounter counter, Duration time) {
        this.who = who;
        this.guard = guard;
        this.counter = counter;
        this.time = time;
    }

    @Override
    public WorkerReport call() throws IOException, InterruptedException {
        long start = System.nanoTime();
        long increments = 0;
        Duration left = time;
        while (!left.isNegative() && !left.isZero()) {
            if (guard.run(this::count, left)) {
                increments++;
            }
            left = time.minusNanos(System.nanoTime() - start);
        }
        return new WorkerReport(increments, Duration.ofNanos(System.nanoTime() - start), handovers);
    }

    private void count() throws IOException {
        long entered = System.nanoTime();
        Departure last = counter.lastDeparture();
        if (last.who() != 0 && last.who() != who) {
            handovers.recordValue(Math.max(0, (entered - last.nanos()) / 1000));
        }
        counter.increment();
        counter.leave(new Departure(System.nanoTime(), who));
    }
}
