// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Arithmetic of waiting times. */
final class Durations {
    private Durations() {}

    static Duration atMost(Duration limit, Duration other) {
        return other.compareTo(limit) < 0 ? other : limit;
    }

    /** The end of a lease, in which its holder does not rely on it any more; twice as long, for who looks at that moment. */
    static Duration lastMoments(Duration lease) {
        return Validity.drift(lease).multipliedBy(2);
    }

    /** Uniform from min to max, so that those who wait for one event don't all act at once. */
    static Duration between(Duration min, Duration max, RandomGenerator random) {
        return min.plusNanos(random.nextLong(max.minus(min).toNanos() + 1));
    }
}
