// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.LEASE;
import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Capability;
import io.interlock.Lease;
import io.interlock.RenewalMode;
import io.interlock.spi.LockRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A session outlives the lease time, so what ends a lease without renewal is the engine. */
class SessionBoundTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = sessionBound();

    private EngineFixture sessionBound() {
        backend.capabilities.add(Capability.SESSION_BOUND);
        return new EngineFixture(backend);
    }

    private Lease acquiredWithoutRenewal() {
        return engine.client
                .lock("job", OPTIONS.withRenewal(RenewalMode.NONE))
                .tryAcquire()
                .orElseThrow();
    }

    private void theSessionLivesOn() {
        backend.grant().validUntil = Long.MAX_VALUE;
    }

    private void assertEndsIn(Duration time, Lease lease) {
        engine.time.advance(time.minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(backend.undone).hasSize(1);
    }

    @Test
    void aLeaseWithoutRenewalIsEndedByTheEngine() {
        Lease lease = acquiredWithoutRenewal();
        theSessionLivesOn();
        assertEndsIn(LEASE, lease);
    }

    @Test
    void theApplicationsRenewalMovesTheEndThatTheEngineSets() {
        Lease lease = acquiredWithoutRenewal();
        engine.time.advance(Duration.ofSeconds(20));
        assertThat(lease.renew(LEASE)).isTrue();
        theSessionLivesOn();
        assertEndsIn(LEASE, lease);
    }

    @Test
    void aShortLeaseDoesNotShortenTheCalls() {
        engine.client.lock("job", OPTIONS.withLease(Duration.ofSeconds(1))).tryAcquire();
        assertThat(backend.requests.get(0).callTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void withoutASessionACallTakesAThirdOfTheLeaseAtMost() {
        var leasing = new ScriptedBackend();
        var fixture = new EngineFixture(leasing);
        fixture.client.lock("job", OPTIONS.withLease(Duration.ofSeconds(3))).tryAcquire();
        fixture.client.lock("job", OPTIONS.withLease(Duration.ofSeconds(9))).tryAcquire();
        assertThat(leasing.requests)
                .extracting(LockRequest::callTimeout)
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aLeakedLeaseEndsAlthoughItsSessionIsKeptAliveByOthers() {
        var lease =
                (EngineLease) engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        lease.held().forgetHandle();
        engine.time.advance(Duration.ofSeconds(15));
        theSessionLivesOn();
        engine.time.advance(Duration.ofSeconds(15));
        assertThat(backend.undone).hasSize(1);
    }
}
