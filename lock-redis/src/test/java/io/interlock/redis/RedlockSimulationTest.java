// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.redis.RedlockSimulation.Result;
import io.interlock.redis.RedlockSimulation.Settings;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schedules are numbered from a seed; {@code -Dinterlock.simulation.seed} takes others, and
 * {@code -Dinterlock.simulation.schedules=100000} as many as stand in docs/adr/0018.
 */
class RedlockSimulationTest {
    private static final long SEED = Long.getLong("interlock.simulation.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("interlock.simulation.schedules", 20_000);

    @Test
    void exclusionAndTokensHoldInEverySchedule() {
        assertThat(violatedSchedule(Settings.of(RedlockPlant.NONE), SCHEDULES / 2))
                .isEmpty();
    }

    @Test
    void tokensHoldWhenClocksStep() {
        assertThat(violatedSchedule(Settings.withSteps(RedlockPlant.NONE), SCHEDULES / 2))
                .isEmpty();
    }

    @Test
    void schedulesAreFullOfGrants() {
        int grants = IntStream.range(0, 1_000)
                .map(i -> run(Settings.of(RedlockPlant.NONE), i).grants())
                .sum();
        assertThat(grants).isGreaterThan(6_000);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedErrorIsFound(RedlockPlant plant, TestReporter reporter) {
        OptionalInt found = violatedSchedule(Settings.of(plant), SCHEDULES);
        assertThat(found).as("schedules until %s is found", plant).isPresent();
        int schedule = found.getAsInt();
        reporter.publishEntry(
                plant.toString(),
                "found in schedule " + (schedule + 1) + ": "
                        + run(Settings.of(plant), schedule).violation().orElseThrow());
    }

    /** The documented condition on clocks is a real one. */
    @Test
    void exclusionNeedsClocksThatDoNotStep() {
        OptionalInt found = violatedSchedule(new Settings(RedlockPlant.NONE, true, true), SCHEDULES);
        assertThat(found).isPresent();
    }

    @Test
    void aScheduleIsTheSameEachTime() {
        var settings = Settings.withSteps(RedlockPlant.NONE);
        assertThat(run(settings, 7)).isEqualTo(run(settings, 7));
    }

    private static OptionalInt violatedSchedule(Settings settings, int schedules) {
        return IntStream.range(0, schedules)
                .filter(i -> run(settings, i).violation().isPresent())
                .findFirst();
    }

    private static Result run(Settings settings, int schedule) {
        return new RedlockSimulation(seed(schedule), settings).run();
    }

    private static long seed(int schedule) {
        return SEED * 1_000_003 + schedule;
    }
}
