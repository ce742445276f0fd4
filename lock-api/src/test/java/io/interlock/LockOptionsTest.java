// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LockOptionsTest {
    private final LockOptions options = LockOptions.defaults();

    @Test
    void defaultsAreThoseOfTheDocument() {
        assertThat(options.lease()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.renewal()).isEqualTo(RenewalMode.AUTOMATIC);
        assertThat(options.maxHold()).isEmpty();
        assertThat(options.label()).isEmpty();
    }

    @Test
    void boundsAreInclusive() {
        assertThat(options.withLease(Duration.ofMillis(100)).lease()).hasMillis(100);
        assertThat(options.withLease(Duration.ofHours(24)).lease()).hasHours(24);
        assertThatThrownBy(() -> options.withLease(Duration.ofMillis(100).minusNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lease");
        assertThatThrownBy(() -> options.withLease(Duration.ofHours(24).plusNanos(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withLease(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withLease(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withMaxHold(Duration.ofMillis(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxHold");
    }

    @Test
    void labelsAreShort() {
        assertThat(options.withLabel("x".repeat(100)).label()).contains("x".repeat(100));
        assertThatThrownBy(() -> options.withLabel("x".repeat(101)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("101");
        assertThatThrownBy(() -> options.withLabel("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsNull() {
        assertThatThrownBy(() -> options.withLease(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> options.withRenewal(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> options.withMaxHold(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> options.withLabel(null)).isInstanceOf(NullPointerException.class);
    }
}
