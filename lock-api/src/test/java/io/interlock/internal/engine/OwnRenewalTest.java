// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.Capability;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockBackendException;
import io.interlock.RenewalMode;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@link Lease#renew} by the application, on a manual clock: lease 30 s. */
class OwnRenewalTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);

    private Lease acquired() {
        return engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
    }

    @Test
    void theApplicationsOwnRenewalSetsTheTimeOfTheLaterOnes() {
        Lease lease = acquired();
        assertThat(lease.renew(Duration.ofMinutes(1))).isTrue();
        assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(60_000 - 600 - 2));
        engine.time.advance(Duration.ofSeconds(41));
        assertThat(backend.renewedFor).containsOnly(Duration.ofMinutes(1)).hasSize(3);
    }

    @Test
    void aRenewalWithoutAnswerIsAnErrorAndOfALostLeaseFalse() {
        Lease lease = acquired();
        backend.renewals.add(() -> RenewOutcome.UNKNOWN);
        assertThatThrownBy(() -> lease.renew(EngineFixture.LEASE))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        backend.renewals.add(() -> RenewOutcome.LOST);
        assertThat(lease.renew(EngineFixture.LEASE)).isFalse();
        assertThat(lease.renew(EngineFixture.LEASE)).isFalse();
        assertThat(backend.renewedFor).hasSize(2);
    }

    @Test
    void aRenewalThatAnInterruptCutShortIsAskedForOnceMore() {
        Lease lease = acquired();
        backend.renewals.add(() -> {
            Thread.currentThread().interrupt();
            return RenewOutcome.UNKNOWN;
        });
        assertThat(lease.renew(EngineFixture.LEASE)).isTrue();
        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        assertThat(backend.renewedFor).hasSize(2);
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
    }

    @Test
    void aLeaseTimeOutOfBoundsIsRefusedBeforeAnythingIsSent() {
        Lease lease = acquired();
        assertThatThrownBy(() -> lease.renew(Duration.ofMillis(99))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lease.renew(Duration.ofHours(25))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lease.renew(null)).isInstanceOf(NullPointerException.class);
        assertThat(backend.renewedFor).isEmpty();
    }

    @Test
    void aLeaseTimeThatTheBackendCanNotGiveIsRefusedAndTheLeaseGoesOn() {
        Lease lease = acquired();
        backend.longestLease = EngineFixture.LEASE;
        Duration longer = EngineFixture.LEASE.plusMillis(1);
        assertThatThrownBy(() -> lease.renew(longer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be at most");
        assertThatThrownBy(() -> engine.client.lock("other", OPTIONS.withLease(longer)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(backend.renewedFor).isEmpty();
        engine.time.advance(EngineFixture.LEASE.multipliedBy(2));
        assertThat(backend.renewedFor).isNotEmpty().containsOnly(EngineFixture.LEASE);
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void withoutExtendNobodyCanRenew() {
        backend.capabilities.remove(Capability.EXTEND);
        var plain = new EngineFixture(backend);
        assertThatThrownBy(() -> plain.client.lock("job", OPTIONS)).isInstanceOf(UnsupportedCapabilityException.class);
        Lease lease = plain.client
                .lock("job", OPTIONS.withRenewal(RenewalMode.NONE))
                .tryAcquire()
                .orElseThrow();
        assertThatThrownBy(() -> lease.renew(EngineFixture.LEASE)).isInstanceOf(UnsupportedCapabilityException.class);
    }

    @Test
    void aShorteningWithoutAnswerLeavesTheShorterLease() {
        Lease lease = acquired();
        backend.renewals.add(() -> RenewOutcome.UNKNOWN);
        assertThatThrownBy(() -> lease.renew(Duration.ofSeconds(1))).isInstanceOf(LockBackendException.class);
        assertThat(lease.remaining()).isEqualTo(Duration.ofMillis(1000 - 10 - 2));
        engine.time.advance(Duration.ofSeconds(5));
        assertThat(backend.renewedFor).containsOnly(Duration.ofSeconds(1)); // not prolonged beyond what is sure
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void theEnginesRenewalWaitsWhileTheApplicationRenews() {
        Lease lease = acquired();
        backend.renewals.add(() -> {
            engine.time.advance(Duration.ofSeconds(12)); // the engine's own turn comes and goes
            return RenewOutcome.RENEWED;
        });
        assertThat(lease.renew(EngineFixture.LEASE)).isTrue();
        assertThat(backend.renewedFor).hasSize(1);
        engine.time.advance(Duration.ofSeconds(1));
        assertThat(backend.renewedFor).hasSize(2);
    }
}
