// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Looking again and again, at random times around a mean. Confined to one thread at a time.
 *
 * <p>The first looks come after an eighth, a quarter and a half of the mean, because most locks are held briefly. Who saw
 * a free lock and lost the race for it stays away longer, up to four means: there are many.
 */
final class PollWaiting {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Duration mean;
    private final RandomGenerator random;
    private double step = 1.0 / 16;

    PollWaiting(Duration mean, RandomGenerator random) {
        this.mean = mean;
        this.random = random;
    }

    Duration afterRefusal(Acquisition.Held held) {
        boolean crowded = held.left().isEmpty();
        step = crowded ? Math.min(4, Math.max(1, 2 * step)) : Math.min(1, 2 * step);
        Duration about = Durations.atLeast(SHORTEST, Duration.ofNanos((long) (mean.toNanos() * step)));
        Duration half = about.dividedBy(2);
        Duration drawn = Durations.between(half, about.plus(half), random);
        // an expired row is taken soon, also where looks are rare; a little later, for all who wait know the time
        return held.left()
                .map(left -> Durations.atMost(left.plus(Durations.between(Duration.ZERO, SHORTEST, random)), drawn))
                .map(wait -> Durations.atLeast(SHORTEST, wait))
                .orElse(drawn);
    }
}
