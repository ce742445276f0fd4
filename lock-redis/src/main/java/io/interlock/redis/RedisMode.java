// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the hosts of a URI are. */
enum RedisMode {
    /** The one server. */
    STANDALONE,

    /** Sentinels, which name the server. */
    SENTINEL,

    /** Some nodes of a cluster, which name the others. */
    CLUSTER;

    private static final List<ConfigOption> OF_SENTINEL =
            List.of(RedisSettings.MASTER, RedisSettings.SENTINEL_USER, RedisSettings.SENTINEL_PASSWORD);

    /** Checks too that there is what the mode needs, and nothing that it would pass over. */
    static RedisMode of(LockConfig config) {
        String text = config.value(RedisSettings.MODE).orElseThrow();
        RedisMode mode = Arrays.stream(values())
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new LockConfigException("mode = " + text + ": must be one of "
                        + Arrays.stream(values()).map(RedisMode::text).toList()));
        if (mode == SENTINEL && config.value(RedisSettings.MASTER).isEmpty()) {
            throw new LockConfigException("master: missing; mode=sentinel needs what the sentinels call the master");
        }
        for (var option : OF_SENTINEL) {
            if (mode != SENTINEL && config.value(option).isPresent()) {
                throw new LockConfigException(
                        option.key() + ": given, but mode = " + text + "; it is for mode=sentinel");
            }
        }
        return mode;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
