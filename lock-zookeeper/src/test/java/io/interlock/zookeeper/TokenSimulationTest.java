// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.zookeeper.TokenSimulation.Result;
import io.interlock.zookeeper.TokenSimulation.Settings;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schedules are numbered from a seed; {@code -Dinterlock.simulation.seed} takes others. */
class TokenSimulationTest {
    private static final long SEED = Long.getLong("interlock.simulation.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("interlock.simulation.schedules", 1_000);

    @Test
    void tokensIncreaseInEverySchedule() {
        assertThat(violatedSchedule(Settings.of(Plant.NONE), SCHEDULES)).isEmpty();
    }

    @Test
    void schedulesAreFullOfGrants() {
        int grants = IntStream.range(0, 1_000)
                .map(i -> run(Settings.of(Plant.NONE), i).grants())
                .sum();
        assertThat(grants).isGreaterThan(8_000);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedErrorIsFound(Plant plant, TestReporter reporter) {
        OptionalInt found = violatedSchedule(Settings.of(plant), SCHEDULES);
        assertThat(found).as("schedules until %s is found", plant).isPresent();
        int schedule = found.getAsInt();
        reporter.publishEntry(
                plant.toString(),
                "found in schedule " + (schedule + 1) + ": "
                        + run(Settings.of(plant), schedule).violation().orElseThrow());
    }

    /** The documented condition of containers is a real one. */
    @Test
    void containersNeedClocksThatAgree() {
        assertThat(violatedSchedule(new Settings(Plant.NONE, true, false), SCHEDULES))
                .isPresent();
    }

    @Test
    void persistentParentsNeedNoClocks() {
        assertThat(violatedSchedule(new Settings(Plant.NONE, false, false), SCHEDULES))
                .isEmpty();
    }

    @Test
    void aScheduleIsTheSameEachTime() {
        assertThat(run(Settings.of(Plant.NONE), 7)).isEqualTo(run(Settings.of(Plant.NONE), 7));
    }

    private static OptionalInt violatedSchedule(Settings settings, int schedules) {
        return IntStream.range(0, schedules)
                .filter(i -> run(settings, i).violation().isPresent())
                .findFirst();
    }

    private static Result run(Settings settings, int schedule) {
        return new TokenSimulation(SEED * 1_000_003 + schedule, settings).run();
    }
}
