// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Arithmetic of waiting times. */
final class Durations {
    private Durations() {}

    static Duration atMost(Duration limit, Duration other) {
        return other.compareTo(limit) < 0 ? other : limit;
    }

    static Duration atLeast(Duration limit, Duration other) {
        return other.compareTo(limit) > 0 ? other : limit;
    }

    /** Uniform from min to max, so that those who wait for one event don't all act at once. */
    static Duration between(Duration min, Duration max, RandomGenerator random) {
        return min.plusNanos(random.nextLong(max.minus(min).toNanos() + 1));
    }
}
