// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PollWaitingTest {
    private static final Acquisition.Held HELD =
            new Acquisition.Held(Optional.of(Duration.ofSeconds(30)), Optional.empty());
    private static final Acquisition.Held LOST_RACE = (Acquisition.Held) Acquisition.LOST_RACE;

    private final PollWaiting waiting = new PollWaiting(Duration.ofMillis(80), RandomGenerator.getDefault());

    @Test
    void firstLooksComeSoonerThanTheMean() {
        assertBetween(5, 15, waiting.afterRefusal(HELD));
        assertBetween(10, 30, waiting.afterRefusal(HELD));
        assertBetween(20, 60, waiting.afterRefusal(HELD));
        for (int i = 0; i < 100; i++) {
            assertBetween(40, 120, waiting.afterRefusal(HELD));
        }
    }

    @Test
    void whoLosesRacesStaysAwayLongerAndNoLongerThanSixMeans() {
        assertBetween(40, 120, waiting.afterRefusal(LOST_RACE));
        assertBetween(80, 240, waiting.afterRefusal(LOST_RACE));
        for (int i = 0; i < 100; i++) {
            assertBetween(160, 480, waiting.afterRefusal(LOST_RACE));
        }
        assertBetween(40, 120, waiting.afterRefusal(HELD));
    }

    @Test
    void waitsAreDrawnAtRandom() {
        assertThat(waiting.afterRefusal(LOST_RACE)).isNotEqualTo(waiting.afterRefusal(LOST_RACE));
    }

    @Test
    void expiryEndsAWaitEarly() {
        var rare = new PollWaiting(Duration.ofMinutes(1), RandomGenerator.getDefault());
        var ending = new Acquisition.Held(Optional.of(Duration.ofMillis(20)), Optional.empty());
        assertBetween(20, 21, rare.afterRefusal(ending));
        var over = new Acquisition.Held(Optional.of(Duration.ZERO), Optional.empty());
        assertBetween(1, 1, rare.afterRefusal(over));
    }

    @Test
    void waitIsNeverZero() {
        var eager = new PollWaiting(Duration.ofMillis(1), RandomGenerator.getDefault());
        for (int i = 0; i < 100; i++) {
            assertThat(eager.afterRefusal(HELD)).isGreaterThanOrEqualTo(Duration.ofNanos(500_000));
        }
    }

    private static void assertBetween(long minMillis, long maxMillis, Duration wait) {
        assertThat(wait).isBetween(Duration.ofMillis(minMillis), Duration.ofMillis(maxMillis));
    }
}
