// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.history.HistoryEvent.Phase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
    private static final long MILLI = 1_000_000;
    private static final long LONG = 100_000 * MILLI;

    private final Story story = new Story();

    @Test
    void aHandOffIsMeasuredFromTheBeginOfTheRelease() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 100, 110, Phase.OK);
        story.granted("b", 50, 130, 2, LONG);
        assertThat(latencies().handOffs()).containsExactly(Duration.ofNanos(30));
    }

    @Test
    void withoutAWaiterThereIsNoHandOff() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 100, 110, Phase.OK);
        story.granted("b", 101, 130, 2, LONG);
        assertThat(latencies().handOffs()).isEmpty();
    }

    @Test
    void aCrashIsMeasuredFromTheEndOfTheProcess() {
        story.granted("a", 0, 10, 1, LONG);
        story.killed("a", 100);
        story.granted("b", 50, 170, 2, LONG);
        assertThat(latencies().crashReleases()).containsExactly(Duration.ofNanos(70));
    }

    @Test
    void anExpiryIsMeasuredFromTheEndOfTheValidity() {
        story.granted("a", 0, 10, 1, 120);
        story.granted("b", 50, 170, 2, LONG);
        assertThat(latencies().expiries()).containsExactly(Duration.ofNanos(50));
    }

    @Test
    void boundsAreKeptUpToTheirEnd() {
        assertThat(violations(500)).isEmpty();
        assertThat(violations(501))
                .extracting(Finding::sentence)
                .containsExactly("14.06 1 of 1 grants to a waiter came later than 500 ms after a release,"
                        + " the latest after 501 ms");
    }

    @Test
    void percentilesAreOfTheSortedList() {
        var some = new Latencies(
                List.of(Duration.ofMillis(3), Duration.ofMillis(1), Duration.ofMillis(2)), List.of(), List.of());
        assertThat(Latencies.percentile(some.handOffs(), 0)).isEqualTo(Duration.ofMillis(1));
        assertThat(Latencies.percentile(some.handOffs(), 50)).isEqualTo(Duration.ofMillis(2));
        assertThat(Latencies.percentile(some.handOffs(), 67)).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void clocksAgreeInsideTheWindow() {
        assertThat(new ClockSample("child", 10, 10, 20).agrees()).isTrue();
        assertThat(new ClockSample("child", 10, 20, 20).agrees()).isTrue();
        assertThat(new ClockSample("child", 10, 9, 20).agrees()).isFalse();
        assertThat(new ClockSample("child", 10, 21, 20).agrees()).isFalse();
    }

    private static List<Finding.Violation> violations(long millis) {
        return new Latencies(List.of(Duration.ofMillis(millis)), List.of(), List.of()).violations(Edits.header(), 1);
    }

    private Latencies latencies() {
        return Latencies.of(story.history());
    }
}
