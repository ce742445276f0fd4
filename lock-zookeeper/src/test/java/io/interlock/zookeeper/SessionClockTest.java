// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.spi.Validity;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionClockTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final long HALF_TICK = Duration.ofSeconds(1).toNanos();
    private static final long RTT = Duration.ofMillis(5).toNanos();
    private static final long START = -1000; // nothing may depend on the clock's sign

    private final SessionClock clock = new SessionClock(TIMEOUT, Duration.ofNanos(HALF_TICK));

    private void answered(long sent) {
        clock.answered(sent, sent + RTT);
    }

    private void assertSureSince(long sent) {
        assertThat(clock.validUntil()).hasValue(Validity.end(sent, TIMEOUT));
    }

    @Test
    void nothingIsSureAtFirst() {
        assertThat(clock.validUntil()).isEmpty();
        assertThat(clock.isValid(START)).isFalse();
    }

    @Test
    void oneAnswerProvesNothing() {
        answered(START);
        assertThat(clock.validUntil()).isEmpty();
    }

    @Test
    void theNextAnswerMakesTheOneBeforeSure() {
        answered(START);
        answered(START + 5 * HALF_TICK);
        assertSureSince(START);
        answered(START + 10 * HALF_TICK);
        assertSureSince(START + 5 * HALF_TICK);
    }

    @Test
    void anAnswerCountsOnlyIfHalfATickPassedAfterTheOneBefore() {
        answered(START);
        answered(START + RTT + HALF_TICK - 1);
        assertThat(clock.validUntil()).isEmpty();
        answered(START + RTT + HALF_TICK);
        assertSureSince(START);
    }

    @Test
    void aShorterTimeoutCountsFromTheLastSureHeartbeatAndALongerOneNever() {
        answered(START);
        answered(START + 5 * HALF_TICK);
        Duration shorter = Duration.ofSeconds(12);
        clock.limit(shorter);
        assertThat(clock.validUntil()).hasValue(Validity.end(START, shorter));
        clock.limit(TIMEOUT);
        assertThat(clock.validUntil()).hasValue(Validity.end(START, shorter));
    }

    @Test
    void aSlowAnswerCountsFromWhenItWasAskedFor() {
        clock.answered(START, START + 3 * HALF_TICK);
        clock.answered(START + 3 * HALF_TICK, START + 3 * HALF_TICK + RTT);
        assertThat(clock.validUntil()).isEmpty();
        clock.answered(START + 4 * HALF_TICK, START + 4 * HALF_TICK + RTT);
        assertSureSince(START);
    }

    @Test
    void manyAnswersInARowDoNotHideTheOldestThatCounts() {
        for (int i = 0; i < 1000; i++) {
            answered(START + i * HALF_TICK / 100);
        }
        long end = clock.validUntil().orElseThrow();
        long newest = START + 999 * HALF_TICK / 100;
        assertThat(end).isGreaterThan(Validity.end(newest - 2 * HALF_TICK, TIMEOUT));
        assertThat(end).isLessThanOrEqualTo(Validity.end(newest - HALF_TICK, TIMEOUT));
    }

    @Test
    void birthCountsAtOnce() {
        clock.bornAfter(START);
        assertSureSince(START);
        answered(START + HALF_TICK);
        assertSureSince(START);
    }

    @Test
    void validityEndsOnTheNanosecond() {
        clock.bornAfter(START);
        long end = Validity.end(START, TIMEOUT);
        assertThat(clock.isValid(end - 1)).isTrue();
        assertThat(clock.isValid(end)).isFalse();
    }
}
