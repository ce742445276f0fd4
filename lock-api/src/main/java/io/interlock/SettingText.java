// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import io.interlock.spi.ConfigOption;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a setting; refuses with the key, the value (unless secret) and the form it should have. */
final class SettingText {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    private SettingText() {}

    /** Refuses a value that is not of the option's unit. */
    static void check(ConfigOption option, String text) {
        switch (option.unit()) {
            case DURATION -> duration(option, text);
            case COUNT -> count(option, text);
            case FLAG -> flag(option, text);
            case TEXT -> {
                if (text.isEmpty()) {
                    throw bad(option, text, "must not be empty");
                }
            }
        }
    }

    static Duration duration(ConfigOption option, String text) {
        Matcher parts = DURATION.matcher(text);
        if (parts.matches()) {
            long amount = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            Duration iso = Duration.parse(text);
            if (!iso.isNegative()) {
                return iso;
            }
        } catch (DateTimeParseException malformed) {
            throw bad(option, text, "must be a duration such as 500ms, 30s, 2m or PT1.5S");
        }
        throw bad(option, text, "must not be negative");
    }

    static int count(ConfigOption option, String text) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException malformed) {
            throw bad(option, text, "must be a whole number from 1 to " + Integer.MAX_VALUE);
        }
        throw bad(option, text, "must be at least 1");
    }

    static Duration duration(ConfigOption option, String text, Duration min, Duration max) {
        Duration duration = duration(option, text);
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw bad(option, text, "must be from " + min.toMillis() + "ms to " + max.toMillis() + "ms");
        }
        return duration;
    }

    static int count(ConfigOption option, String text, int max) {
        int count = count(option, text);
        if (count > max) {
            throw bad(option, text, "must be at most " + max);
        }
        return count;
    }

    static boolean flag(ConfigOption option, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(option, text, "must be true or false");
        };
    }

    static LockConfigException bad(ConfigOption option, String text, String limit) {
        return new LockConfigException(option.key() + " = " + (option.secret() ? "***" : text) + ": " + limit);
    }
}
