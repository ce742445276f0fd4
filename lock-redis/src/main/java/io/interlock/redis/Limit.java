// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;

/** The bounds of the times, in {@link RedisOptions} and in the provider's settings. */
enum Limit {
    RECHECK("recheck", Duration.ofMillis(10), Duration.ofHours(1)),
    POLL("poll", Duration.ofMillis(1), Duration.ofMinutes(1)),
    CALL_TIMEOUT("callTimeout", Duration.ofMillis(10), Duration.ofSeconds(60)),
    WAIT_REPLICAS_TIMEOUT("waitReplicasTimeout", Duration.ofMillis(1), Duration.ofMinutes(1));

    final String key;
    final Duration min;
    final Duration max;

    Limit(String key, Duration min, Duration max) {
        this.key = key;
        this.min = min;
        this.max = max;
    }

    void check(Duration value) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    key + " = " + value + ": must be from " + min.toMillis() + "ms to " + max.toMillis() + "ms");
        }
    }
}
