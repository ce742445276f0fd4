// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Registration;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Waiting for a message, with the holder's expiry and the re-check as the fallback. */
final class PushWaiting implements Waiting {
    /** The server ends a grant on its own tick: an attempt at the very millisecond may come too early. */
    private static final Duration AFTER_EXPIRY_MIN = Duration.ofMillis(1);

    private static final Duration AFTER_EXPIRY_MAX = Duration.ofMillis(20);

    private final Supplier<Registration> subscribe;
    private final Duration recheck;
    private final RandomGenerator random;
    private @Nullable Registration subscription; // confined, as the contender is

    PushWaiting(Supplier<Registration> subscribe, Duration recheck, RandomGenerator random) {
        this.subscribe = subscribe;
        this.recheck = recheck;
        this.random = random;
    }

    @Override
    public Duration afterRefusal(Acquisition.Held held) {
        if (subscription == null) {
            subscription = subscribe.get();
        }
        Duration jitter = Durations.between(AFTER_EXPIRY_MIN, AFTER_EXPIRY_MAX, random);
        return held.left()
                .map(left -> Durations.atMost(recheck, left.plus(jitter)))
                .orElse(recheck);
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }
}
