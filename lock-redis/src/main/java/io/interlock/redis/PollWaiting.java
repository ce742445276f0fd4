// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Trying again and again, at random times around the mean.
 *
 * @param mean the option {@code poll}
 * @param random for the jitter
 */
record PollWaiting(Duration mean, RandomGenerator random) implements Waiting {
    @Override
    public Duration afterRefusal(Acquisition.Held held) {
        Duration half = mean.dividedBy(2);
        return Durations.between(half, mean.plus(half), random);
    }

    @Override
    public void close() {}
}
