// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.Capability;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LossReason;
import io.interlock.RenewalMode;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Renewal, validity and loss, on a manual clock: lease 30 s, so a renewal every 10 s, validity 29.698 s. */
class RenewalTest {
    private static final Duration VALIDITY = Duration.ofMillis(30_000 - 300 - 2);

    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);
    private final List<LeaseStateChange> changes = new ArrayList<>();

    private Lease acquired() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        lease.onStateChange(changes::add);
        return lease;
    }

    private Lease acquiredWithoutRenewal() {
        Lease lease = engine.client
                .lock("job", OPTIONS.withRenewal(RenewalMode.NONE))
                .tryAcquire()
                .orElseThrow();
        lease.onStateChange(changes::add);
        return lease;
    }

    private List<LeaseState> states() {
        return changes.stream().map(LeaseStateChange::state).toList();
    }

    @Test
    void validityCountsFromBeforeTheRequestAndLeavesTheDriftOut() {
        backend.attempts.add(() -> {
            engine.time.advance(Duration.ofSeconds(5)); // the reply takes its time
            return null;
        });
        Lease lease = acquired();
        assertThat(lease.remaining()).isEqualTo(VALIDITY.minusSeconds(5));
    }

    @Test
    void aHeldLeaseIsRenewedEveryThirdOfItAndNeverEnds() {
        Lease lease = acquired();
        engine.time.advance(Duration.ofSeconds(95));
        assertThat(backend.renewedFor).hasSize(9).containsOnly(EngineFixture.LEASE);
        assertThat(lease.isHeld()).isTrue();
        assertThat(changes).isEmpty();
    }

    @Test
    void nothingIsRenewedAfterRelease() {
        acquired().release();
        engine.time.advance(Duration.ofMinutes(10));
        assertThat(backend.renewedFor).isEmpty();
        assertThat(engine.time.pendingTasks()).isZero();
    }

    @Test
    void aReplyThatComesAfterTheReleaseChangesNothing() {
        Lease lease = acquired();
        backend.renewals.add(() -> {
            lease.release();
            return RenewOutcome.RENEWED;
        });
        engine.time.advance(Duration.ofMinutes(10));
        assertThat(backend.renewedFor).hasSize(1);
        assertThat(states()).containsExactly(LeaseState.RELEASED);
        assertThat(engine.time.pendingTasks()).isZero();
    }

    @Test
    void failedRenewalsAreTriedAgainAndTheLeaseRecovers() {
        Lease lease = acquired();
        backend.renewals.add(() -> RenewOutcome.UNKNOWN);
        backend.renewals.add(() -> {
            throw new IllegalStateException("a backend with a bug");
        });
        backend.renewals.add(() -> {
            throw new StackOverflowError("worse");
        });
        engine.time.advance(Duration.ofSeconds(10));
        assertThat(lease.state()).isEqualTo(LeaseState.SUSPECT);
        assertThat(lease.isHeld()).isTrue();
        engine.time.advance(Duration.ofSeconds(5));
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        assertThat(states()).containsExactly(LeaseState.SUSPECT, LeaseState.HELD);
        engine.time.advance(Duration.ofMinutes(5));
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void aStoreThatStaysSilentEndsTheLeaseAtTheEndOfItsValidity() {
        Lease lease = acquired();
        for (int i = 0; i < 1000; i++) {
            backend.renewals.add(() -> RenewOutcome.UNKNOWN);
        }
        engine.time.advance(VALIDITY.minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
        assertThat(changes.get(changes.size() - 1).reason()).contains(LossReason.UNREACHABLE);
        assertThatThrownBy(lease::ensureHeld).isInstanceOf(LeaseLostException.class);
        assertThat(backend.undone).containsExactlyElementsOf(backend.asked);
    }

    @Test
    void retriesAreNoHotLoop() {
        acquired();
        for (int i = 0; i < 1000; i++) {
            backend.renewals.add(() -> RenewOutcome.UNKNOWN);
        }
        engine.time.advance(VALIDITY);
        assertThat(backend.renewedFor).hasSizeBetween(10, 45);
    }

    @Test
    void withoutRenewalTheLeaseIsLostAtTheEndOfItsValidity() {
        Lease lease = acquiredWithoutRenewal();
        engine.time.advance(VALIDITY.minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(backend.renewedFor).isEmpty();
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).reason()).contains(LossReason.EXPIRED);
    }

    @Test
    void aLossIsToldOnceWithTheReasonThatTheBackendGives() {
        Lease lease = acquired();
        backend.renewals.add(() -> {
            backend.grant().listener.lost(LossReason.TAKEN);
            return RenewOutcome.LOST;
        });
        engine.time.advance(Duration.ofMinutes(5));
        assertThat(states()).containsExactly(LeaseState.LOST);
        assertThat(changes.get(0).reason()).contains(LossReason.TAKEN);
        assertThat(lease.isHeld()).isFalse();
        assertThat(backend.renewedFor).hasSize(1);
        assertThat(engine.time.pendingTasks()).isZero();
    }

    @Test
    void suspensionByTheBackendIsSuspectUntilResumed() {
        Lease lease = acquired();
        backend.grant().listener.suspended();
        assertThat(lease.state()).isEqualTo(LeaseState.SUSPECT);
        assertThat(lease.isHeld()).isTrue();
        backend.grant().listener.resumed();
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
    }

    @Test
    void theCapEndsAHoldThatIsRenewed() {
        Lease lease = engine.client
                .lock("job", OPTIONS.withMaxHold(Duration.ofMinutes(2)))
                .tryAcquire()
                .orElseThrow();
        lease.onStateChange(changes::add);
        engine.time.advance(Duration.ofMinutes(2).minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(changes.get(0).reason()).contains(LossReason.MAX_HOLD);
        assertThat(backend.undone).hasSize(1);
        int renewals = backend.renewedFor.size();
        engine.time.advance(Duration.ofMinutes(2));
        assertThat(backend.renewedFor).hasSize(renewals);
    }

    /** Some backends give up a call at an interrupt; the answer would say that the store is silent. */
    @Test
    void aSuspendedMachineFindsItsLeaseInDoubtAndAsksAtOnce() {
        Lease lease = acquired();
        engine.time.suspend(Duration.ofHours(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.state()).isEqualTo(LeaseState.SUSPECT);
        engine.time.advance(Duration.ofMillis(1));
        assertThat(backend.renewedFor).hasSize(1);
        assertThat(lease.isHeld()).isTrue(); // it was the wall clock only: the store had kept the entry
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        assertThat(changes).isEmpty();
    }

    @Test
    void aSuspendedMachineWhoseStoreIsSilentHasLostItsLease() {
        Lease lease = acquired();
        backend.renewals.add(() -> RenewOutcome.UNKNOWN);
        engine.time.suspend(Duration.ofHours(1));
        engine.time.advance(Duration.ofMillis(1));
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
        assertThat(changes.get(changes.size() - 1).reason()).contains(LossReason.UNREACHABLE);
    }

    @Test
    void aSuspendedMachineTellsAtOnceThatALeaseWithoutRenewalIsOver() {
        acquiredWithoutRenewal();
        engine.time.suspend(Duration.ofHours(1));
        engine.time.advance(Duration.ofMillis(1));
        assertThat(states()).containsExactly(LeaseState.LOST);
    }

    @Test
    void aShortenedLeaseThatIsNotRenewedIsToldLostAtItsNewEnd() {
        Lease lease = acquiredWithoutRenewal();
        assertThat(lease.renew(Duration.ofSeconds(1))).isTrue();
        engine.time.advance(Duration.ofMillis(1000 - 10 - 2));
        assertThat(states()).containsExactly(LeaseState.LOST);
    }

    @Test
    void aLeaseWhoseValidityIsOverCannotBeRenewed() {
        Lease lease = acquiredWithoutRenewal();
        engine.time.suspend(Duration.ofHours(1));
        assertThat(lease.renew(EngineFixture.LEASE)).isFalse();
        assertThat(backend.renewedFor).isEmpty();
        assertThat(states()).containsExactly(LeaseState.LOST);
    }

    @Test
    void aLossWithoutAReasonIsADeletionWhileTheValidityLasts() {
        acquired();
        backend.renewals.add(() -> RenewOutcome.LOST);
        engine.time.advance(Duration.ofSeconds(10));
        assertThat(changes)
                .singleElement()
                .extracting(LeaseStateChange::reason)
                .isEqualTo(Optional.of(LossReason.DELETED));
    }

    @Test
    void aLossWithoutAReasonIsAnExpiryOnceTheValidityIsOver() {
        acquired();
        backend.renewals.add(() -> {
            engine.time.suspend(Duration.ofHours(1));
            return RenewOutcome.LOST;
        });
        engine.time.advance(Duration.ofSeconds(10));
        assertThat(changes)
                .singleElement()
                .extracting(LeaseStateChange::reason)
                .isEqualTo(Optional.of(LossReason.EXPIRED));
    }

    @Test
    void aValidityThatTheBackendMovedIsLookedAtAgainAtItsNewEnd() {
        Lease lease = acquiredWithoutRenewal();
        backend.grant().validUntil = VALIDITY.plusSeconds(5).toNanos(); // a heartbeat that the engine knows nothing of
        engine.time.advance(VALIDITY.plusSeconds(5).minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(states()).containsExactly(LeaseState.LOST);
    }

    @Test
    void nodesThatStaySilentAreAQuorumThatIsLost() {
        var nodes = new ScriptedBackend();
        nodes.capabilities.add(Capability.QUORUM); // before the client asks
        var quorum = new EngineFixture(nodes);
        Lease lease =
                quorum.client.lock("job", EngineFixture.OPTIONS).tryAcquire().orElseThrow();
        for (int i = 0; i < 1000; i++) {
            nodes.renewals.add(() -> RenewOutcome.UNKNOWN);
        }
        quorum.time.advance(VALIDITY);
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
        assertThatThrownBy(lease::ensureHeld)
                .isInstanceOfSatisfying(
                        LeaseLostException.class,
                        lost -> assertThat(lost.reason()).isEqualTo(LossReason.QUORUM_LOST));
    }

    @Test
    void aLostQuorumIsGivenBackBecauseAMinorityStillHasIt() {
        acquired();
        backend.grant().listener.lost(LossReason.QUORUM_LOST);
        assertThat(backend.undone).containsExactlyElementsOf(backend.asked);
    }

    @Test
    void whatTheStoreSaysIsGoneIsNotGivenBack() {
        acquired();
        backend.grant().listener.lost(LossReason.TAKEN);
        assertThat(backend.undone).isEmpty();
        assertThat(engine.client.held()).isEmpty();
    }

    @Test
    void dueRenewalsShareACallWhereTheBackendCanBatch() {
        backend.batch = 10;
        var queue = new ArrayList<Runnable>();
        var batching = new EngineFixture(backend, queue::add);
        var leases = new ArrayList<Lease>(); // in hand, or they would count as leaked
        for (int i = 0; i < 25; i++) {
            leases.add(batching.client.lock("job" + i, OPTIONS).tryAcquire().orElseThrow());
        }
        batching.time.advance(Duration.ofSeconds(10));
        List.copyOf(queue).forEach(Runnable::run);
        assertThat(backend.renewalBatches).containsExactly(10, 10, 5);
        assertThat(leases).allMatch(Lease::isHeld);
    }
}
