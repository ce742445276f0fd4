// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * A setting that a backend knows. Immutable.
 *
 * @param key letters, digits, '.', '-' and '_', a letter first; its name in a URI's query; {@code interlock.key} in
 *     Properties, {@code INTERLOCK_KEY} in the environment
 * @param unit what its value is
 * @param defaultValue what holds if it is not set, if anything
 * @param doc one sentence for people: effect and trade-off
 * @param secret whether its value must never be shown
 */
public record ConfigOption(String key, Unit unit, Optional<String> defaultValue, String doc, boolean secret) {
    /** What a value is, and how it is written. */
    public enum Unit {
        /** Any text. */
        TEXT,
        /** A number and a unit, such as {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
        DURATION,
        /** A whole number from 1 on. */
        COUNT,
        /** {@code true} or {@code false}. */
        FLAG
    }

    /**
     * Refuses nulls.
     *
     * @param key as the record tells
     * @param unit as the record tells
     * @param defaultValue as the record tells
     * @param doc as the record tells
     * @param secret as the record tells
     */
    public ConfigOption {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(defaultValue, "defaultValue");
        Objects.requireNonNull(doc, "doc");
    }

    /**
     * An option with a default.
     *
     * @param key its name
     * @param unit what its value is
     * @param defaultValue what holds if it is not set
     * @param doc one sentence for people
     * @return an option that is not secret
     */
    public static ConfigOption of(String key, Unit unit, String defaultValue, String doc) {
        return new ConfigOption(key, unit, Optional.of(defaultValue), doc, false);
    }

    /**
     * A text that need not be set.
     *
     * @param key its name
     * @param doc one sentence for people
     * @return an option that is not secret and has no default
     */
    public static ConfigOption optional(String key, String doc) {
        return new ConfigOption(key, Unit.TEXT, Optional.empty(), doc, false);
    }

    /**
     * A text that must never be shown.
     *
     * @param key its name
     * @param doc one sentence for people
     * @return a secret option without a default
     */
    public static ConfigOption secret(String key, String doc) {
        return new ConfigOption(key, Unit.TEXT, Optional.empty(), doc, true);
    }
}
