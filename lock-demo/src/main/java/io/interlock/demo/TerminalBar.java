// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for people: one bar over all runs, which is gone when they are over. */
final class TerminalBar implements Progress.Bar {
    /** Fits the narrowest usual terminal; to ask for the true width would take the terminal over. */
    private static final int WIDTH = 79;

    private final int runs;
    private final Duration time;
    private final ProgressBar bar;
    private int begun;

    TerminalBar(int runs, Duration time) {
        this.runs = runs;
        this.time = time;
        bar = new ProgressBarBuilder()
                .setTaskName("comparing")
                .setInitialMax(runs * time.toMillis())
                .setUnit(" s", 1000)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) Progress.TICK.toMillis())
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .hideEta()
                .clearDisplayOnFinish()
                .build();
    }

    @Override
    public void begin(String title) {
        bar.stepTo(begun * time.toMillis());
        begun++;
        bar.setExtraMessage(" " + begun + "/" + runs + " " + title);
    }

    @Override
    public void follow(BooleanSupplier ended) throws InterruptedException {
        long start = System.nanoTime();
        long elapsed = 0;
        while (!ended.getAsBoolean() && elapsed < time.toNanos()) {
            bar.stepTo((begun - 1) * time.toMillis() + Duration.ofNanos(elapsed).toMillis());
            TimeUnit.NANOSECONDS.sleep(Progress.TICK.toNanos());
            elapsed = System.nanoTime() - start;
        }
    }

    @Override
    public void close() {
        bar.close();
    }
}
