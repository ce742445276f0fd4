// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimingTest {
    @Test
    void acquireTakesAtLeastOneRoundTrip() {
        assertThat(Timing.defaults().roundTrips()).isOne();
        assertThat(Timing.defaults().withRoundTrips(6).roundTrips()).isEqualTo(6);
        assertThatThrownBy(() -> Timing.defaults().withRoundTrips(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("roundTrips = 0: must be at least 1");
    }

    @Test
    void otherChangesKeepTheRoundTrips() {
        Duration second = Duration.ofSeconds(1);
        Timing changed = Timing.defaults()
                .withRoundTrips(6)
                .withWakeUp(second)
                .withRecheck(second)
                .withCrashRelease(second)
                .withLossDetection(second)
                .withMinLease(second)
                .withSlack(second);
        assertThat(changed.roundTrips()).isEqualTo(6);
        assertThat(changed.minLease()).isEqualTo(second);
    }
}
