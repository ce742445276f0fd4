// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.tck.RuleId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a run of the kit is done. Immutable.
 *
 * @param scale what upper bounds are multiplied by; from 0.1 to 100
 * @param seed of everything random
 * @param repeat how often each rule is tested; from 1 to 10 000
 * @param rules which rules: ids, or sections such as {@code 4.*}; empty: all
 * @param expectedFailures rules that a backend is known to break, beside those that it lists itself; one that is listed and
 *     passes is an error too
 * @param reportDir where reports go
 */
public record RunSettings(
        double scale, long seed, int repeat, List<String> rules, Set<RuleId> expectedFailures, Path reportDir) {
    /** Checks the limits. */
    public RunSettings {
        if (!(scale >= 0.1 && scale <= 100)) {
            throw new IllegalArgumentException("lock.tck.scale = " + scale + ": must be 0.1 to 100");
        }
        if (repeat < 1 || repeat > 10_000) {
            throw new IllegalArgumentException("lock.tck.repeat = " + repeat + ": must be 1 to 10000");
        }
        rules = List.copyOf(rules);
        for (String rule : rules) {
            if (!rule.matches("\\d{1,2}\\.(\\*|\\d\\d)")) {
                throw new IllegalArgumentException("lock.tck.rules: '" + rule + "' must look like 2.05 or 2.*");
            }
        }
        expectedFailures = Set.copyOf(expectedFailures);
        for (RuleId rule : expectedFailures) {
            if (Catalogue.rules().all().stream().noneMatch(known -> known.id().equals(rule))) {
                throw new IllegalArgumentException("lock.tck.expected-failures: there is no rule " + rule);
            }
        }
    }

    /** The same, with no other expected failures than those that a backend lists. */
    public RunSettings(double scale, long seed, int repeat, List<String> rules, Path reportDir) {
        this(scale, seed, repeat, rules, Set.of(), reportDir);
    }

    /** {@return what the system properties {@code lock.tck.*} say} */
    public static RunSettings ofSystemProperties() {
        return of(key -> Optional.ofNullable(System.getProperty(key)).filter(value -> !value.isBlank()));
    }

    /**
     * The settings of some keys.
     *
     * @param value of a key such as {@code lock.tck.scale}
     * @return the settings
     * @throws IllegalArgumentException if a value is bad; names the key and the limit
     */
    public static RunSettings of(Function<String, Optional<String>> value) {
        return new RunSettings(
                number("lock.tck.scale", value, Double::valueOf).orElse(1.0),
                number("lock.tck.seed", value, Long::valueOf)
                        .orElseGet(() -> ThreadLocalRandom.current().nextLong(1, 1_000_000_000)),
                number("lock.tck.repeat", value, Integer::valueOf).orElse(1),
                list("lock.tck.rules", value).toList(),
                list("lock.tck.expected-failures", value).map(RunSettings::rule).collect(Collectors.toSet()),
                Path.of(value.apply("lock.tck.report").orElse("target/lock-tck")));
    }

    private static Stream<String> list(String key, Function<String, Optional<String>> value) {
        return value.apply(key).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip);
    }

    private static RuleId rule(String text) {
        try {
            return RuleId.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("lock.tck.expected-failures: '" + text + "' must look like 2.05", e);
        }
    }

    private static <T> Optional<T> number(
            String key, Function<String, Optional<String>> value, Function<String, T> parse) {
        return value.apply(key).map(text -> {
            try {
                return parse.apply(text.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(key + " = " + text + ": must be a number", e);
            }
        });
    }

    /**
     * Whether a rule is wanted.
     *
     * @param id of the rule
     * @return whether it is
     */
    public boolean includes(RuleId id) {
        return rules.isEmpty() || rules.contains(id.toString()) || rules.contains(id.section() + ".*");
    }

    /**
     * An upper bound on this machine.
     *
     * @param bound on an idle one
     * @return times the scale
     */
    public Duration scaled(Duration bound) {
        return Duration.ofNanos((long) (bound.toNanos() * scale));
    }
}
