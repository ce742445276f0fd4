// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.time.Duration;

/** Nanosecond arithmetic that stops at the far end instead of wrapping: a wait of 300 years is a long one, not none. */
final class Nanos {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(LONGEST) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    static long plus(long now, long delay) {
        long sum = now + delay;
        return delay > 0 && sum < now ? Long.MAX_VALUE : sum;
    }
}
