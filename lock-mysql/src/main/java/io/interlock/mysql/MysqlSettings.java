// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.ConfigOption.Unit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The settings of {@code mysql://} and {@code mariadb://}, beside the engine's own. */
final class MysqlSettings {
    static final String MYSQL = "mysql";
    static final String MARIADB = "mariadb";
    static final int MAX_POOL_SIZE = 1000;

    static final ConfigOption POOL_SIZE = ConfigOption.of(
            "poolSize",
            Unit.COUNT,
            "8",
            "Connections at most, 1 to 1000; a waiter or holder keeps none, so a few serve many locks."
                    + " Small: calls queue for one. Large: more load on the server.");
    static final ConfigOption TABLE = ConfigOption.of(
            "table",
            Unit.TEXT,
            "interlock_lock",
            "The table of the locks, 1 to 58 characters of A-Z a-z 0-9 _; fencing tokens of insert-delete are beside"
                    + " it, in that name and _fence.");
    static final ConfigOption SCHEMA = ConfigOption.of(
            "schema",
            Unit.TEXT,
            "verify",
            "create: missing tables are made at open, for which the user needs the right. verify: they are refused,"
                    + " with the statements that make them.");
    static final ConfigOption POLL = ConfigOption.of(
            "poll",
            Unit.DURATION,
            "50ms",
            "Mean time between two looks of a waiter, 1ms to 1m; the first looks come sooner."
                    + " Short: faster hand-over. Long: fewer statements while waiting.");
    static final ConfigOption PURGE = ConfigOption.of(
            "purge",
            Unit.DURATION,
            "1m",
            "Mean time between two purges of rows that dead holders left, 1s to 1d, by every open client."
                    + " Short: fewer leftovers. Long: fewer statements of idle clients.");
    static final ConfigOption TLS = ConfigOption.of(
            "tls",
            Unit.TEXT,
            "driver",
            "driver: as the driver does by itself. require: encrypted, whoever answers. verify: encrypted, and the"
                    + " server's certificate and name are checked.");

    static final List<ConfigOption> ALL = List.of(POOL_SIZE, TABLE, SCHEMA, POLL, PURGE, TLS);

    /** How connections are protected. */
    enum Tls {
        DRIVER,
        REQUIRE,
        VERIFY
    }

    private MysqlSettings() {}

    static MysqlOptions options(LockConfig config) {
        var defaults = MysqlOptions.defaults();
        return defaults.withNamespace(config.namespace())
                .withVariant(config.variant().map(MysqlOptions.Variant::of).orElse(defaults.variant()))
                .withSchema(choice(config, SCHEMA, MysqlOptions.Schema.values()))
                .withTable(text(config, TABLE, MysqlOptions::requireTable))
                .withPoll(duration(config, POLL, MysqlOptions.Limit.POLL))
                .withPurge(duration(config, PURGE, MysqlOptions.Limit.PURGE))
                .withCallTimeout(config.callTimeout());
    }

    static Tls tls(LockConfig config) {
        return choice(config, TLS, Tls.values());
    }

    private static Duration duration(LockConfig config, ConfigOption option, MysqlOptions.Limit limit) {
        return config.durationBetween(option, limit.min, limit.max);
    }

    private static String text(LockConfig config, ConfigOption option, Function<String, String> check) {
        try {
            return check.apply(config.value(option).orElseThrow());
        } catch (IllegalArgumentException outOfBounds) {
            throw new LockConfigException(String.valueOf(outOfBounds.getMessage()), outOfBounds);
        }
    }

    private static <E extends Enum<E>> E choice(LockConfig config, ConfigOption option, E[] choices) {
        String given = config.value(option).orElseThrow();
        return Arrays.stream(choices)
                .filter(choice -> word(choice).equals(given))
                .findFirst()
                .orElseThrow(() -> new LockConfigException(option.key() + " = " + given + ": must be one of "
                        + Arrays.stream(choices).map(MysqlSettings::word).toList()));
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
