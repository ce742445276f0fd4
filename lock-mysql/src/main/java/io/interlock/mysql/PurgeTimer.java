// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.spi.BackendContext;
import java.time.Duration;

/** Purges now and then, at random times around a mean, until closed. Thread-safe. */
final class PurgeTimer {
    private static final int SELDOM = 60;

    private final BackendContext context;
    private final Purge purge;
    private final Duration mean;
    private int round; // guarded by the order of the runs: each schedules the next
    private volatile boolean closed;

    PurgeTimer(BackendContext context, Purge purge, Duration mean) {
        this.context = context;
        this.purge = purge;
        this.mean = mean;
        // clients that begin together don't read whole tables together
        round = context.random().nextInt(SELDOM);
    }

    void begin() {
        Duration half = mean.dividedBy(2);
        context.schedule(this::run, Durations.between(half, mean.plus(half), context.random()));
    }

    void close() {
        closed = true;
    }

    private void run() {
        if (closed) {
            return;
        }
        round = (round + 1) % SELDOM;
        try {
            purge.runQuietly(round == 0);
        } finally {
            if (!closed) {
                begin();
            }
        }
    }
}
