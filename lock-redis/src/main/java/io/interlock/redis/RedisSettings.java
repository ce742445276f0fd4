// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfig;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.ConfigOption.Unit;
import java.time.Duration;
import java.util.List;

/** The settings of {@code redis://} and {@code rediss://}, beside the engine's own. */
final class RedisSettings {
    static final String SCHEME = "redis";
    static final String TLS_SCHEME = "rediss";
    static final int MAX_POOL_SIZE = 1000;

    static final ConfigOption POOL_SIZE = ConfigOption.of(
            "poolSize",
            Unit.COUNT,
            "8",
            "Connections at most, 1 to 1000; a waiter or holder keeps none, so a few serve many locks."
                    + " Small: calls queue for one. Large: more load on the server.");
    static final ConfigOption POLL = ConfigOption.of(
            "poll",
            Unit.DURATION,
            "50ms",
            "set-nx-px only: mean time between two attempts of a waiter, 1ms to 1m."
                    + " Short: faster hand-over. Long: fewer commands while waiting.");
    static final ConfigOption RECHECK = ConfigOption.of(
            "recheck",
            Unit.DURATION,
            "5s",
            "lua only: the longest that a waiter relies on wake-ups alone, 10ms to 1h."
                    + " Short: a lost message costs less. Long: fewer commands while waiting.");
    static final ConfigOption TLS_TRUSTSTORE = ConfigOption.optional(
            "tlsTruststore",
            "rediss:// only: a JKS or PKCS 12 file with the certificates to trust; the JDK's own unless set.");
    static final ConfigOption TLS_TRUSTSTORE_PASSWORD =
            ConfigOption.secret("tlsTruststorePassword", "The password of the tlsTruststore file.");

    static final List<ConfigOption> ALL = List.of(POOL_SIZE, POLL, RECHECK, TLS_TRUSTSTORE, TLS_TRUSTSTORE_PASSWORD);

    private RedisSettings() {}

    static RedisOptions options(LockConfig config) {
        var defaults = RedisOptions.defaults();
        return defaults.withNamespace(config.namespace())
                .withVariant(config.variant().map(RedisOptions.Variant::of).orElse(defaults.variant()))
                .withPoll(duration(config, POLL, RedisOptions.Limit.POLL))
                .withRecheck(duration(config, RECHECK, RedisOptions.Limit.RECHECK))
                .withCallTimeout(config.callTimeout());
    }

    private static Duration duration(LockConfig config, ConfigOption option, RedisOptions.Limit limit) {
        return config.durationBetween(option, limit.min, limit.max);
    }
}
