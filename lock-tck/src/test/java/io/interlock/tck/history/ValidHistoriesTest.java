// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.history.Simulation.Plan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What right stores and unlucky clients do is found valid. */
final class ValidHistoriesTest {
    @ParameterizedTest
    @CsvSource({"100, 40", "1000, 15", "5000, 2"})
    void stormsOfARightStoreAreValid(int operations, int seeds) {
        for (int seed = 0; seed < seeds; seed++) {
            assertValid(seed, Plan.stormy(operations));
            assertValid(seed, Plan.stormy(operations).unfenced());
            assertValid(seed, Plan.calm(operations).with(3, 1));
            assertValid(seed, Plan.stormy(operations).with(12, 1).unfenced());
            assertValid(seed, Plan.stormy(operations).with(8, 4));
        }
    }

    private static void assertValid(long seed, Plan plan) {
        CheckResult result = HistoryChecker.standard().check(Edits.history(Simulation.run(seed, plan)));
        assertThat(result.findings()).as("seed %d, %s", seed, plan).isEmpty();
    }
}
