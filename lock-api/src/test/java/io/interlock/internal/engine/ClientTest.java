// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static io.interlock.internal.engine.EngineFixture.inThread;
import static io.interlock.internal.engine.EngineFixture.silenced;
import static io.interlock.internal.engine.ScriptedBackend.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockListener;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.spi.RenewOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** What the engine does beside acquiring and renewing: call, close, events. */
class ClientTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);
    private final ToldEvents told = new ToldEvents();

    @Test
    void callReleasesOnEveryWayOut() throws Exception {
        var lock = engine.client.lock("job", OPTIONS);
        assertThat(lock.<String, RuntimeException>call(Lease::lockName)).isEqualTo("job");
        assertThatThrownBy(() -> lock.call(lease -> {
                    throw new IOException("body");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> lock.call(lease -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(backend.released).hasValue(3);
        assertThat(engine.client.held()).isEmpty();
    }

    @Test
    void callReportsALossDuringItsBody() {
        var lock = engine.client.lock("job", OPTIONS);
        assertThatThrownBy(() -> lock.call(lease -> {
                    backend.grant().listener.lost(LossReason.TAKEN);
                    return 1;
                }))
                .isInstanceOfSatisfying(
                        LeaseLostException.class, e -> assertThat(e.reason()).isEqualTo(LossReason.TAKEN));
        assertThatThrownBy(() -> lock.call(lease -> {
                    backend.grant().listener.lost(LossReason.TAKEN);
                    throw new IOException("body");
                }))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .hasOnlyElementsOfType(LeaseLostException.class)
                        .hasSize(1));
    }

    @Test
    void callTrustsAReleaseWithoutAnswerOnlyWhileTheValidityLasted() throws Exception {
        var lock = engine.client.lock("job", OPTIONS);
        backend.releases.add(() -> ReleaseOutcome.UNKNOWN);
        assertThat(lock.<Integer, RuntimeException>call(lease -> 1)).isOne();
        backend.releases.add(() -> ReleaseOutcome.UNKNOWN);
        assertThatThrownBy(() -> lock.call(lease -> {
                    engine.time.suspend(Duration.ofHours(1));
                    return 1;
                }))
                .isInstanceOf(LeaseLostException.class);
    }

    @Test
    void callTrustsAReleaseByItsBodyThatHadNoAnswer() throws Exception {
        var lock = engine.client.lock("job", OPTIONS);
        backend.releases.add(() -> ReleaseOutcome.UNKNOWN);
        assertThat(lock.<ReleaseOutcome, RuntimeException>call(Lease::release)).isEqualTo(ReleaseOutcome.UNKNOWN);
    }

    @Test
    void releaseAnswersOnceAndForAll() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        lease.close();
        assertThat(backend.released).hasValue(1);
        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThatThrownBy(lease::ensureHeld).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void releaseOfALostLeaseSendsNothing() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        backend.grant().listener.lost(LossReason.DELETED);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        lease.close();
        assertThat(backend.released).hasValue(0);
    }

    @Test
    void anInterruptedThreadReleasesAndKeepsItsFlag() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        var seen = new ArrayList<Boolean>();
        backend.releases.add(() -> {
            seen.add(Thread.currentThread().isInterrupted());
            return ReleaseOutcome.RELEASED;
        });
        Thread.currentThread().interrupt();
        lease.release();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).containsExactly(false);
    }

    @Test
    void aListenerThatComesLateIsToldAtOnce() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        backend.grant().listener.lost(LossReason.DELETED);
        var changes = new ArrayList<LeaseStateChange>();
        lease.onStateChange(changes::add);
        assertThat(changes).extracting(LeaseStateChange::state).containsExactly(LeaseState.LOST);
    }

    @Test
    void aListenerThatThrowsDisturbsNobody() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        var changes = new ArrayList<LeaseStateChange>();
        silenced(() -> {
            lease.onStateChange(change -> {
                throw new IllegalStateException("listener");
            });
            lease.onStateChange(changes::add);
            backend.renewals.add(() -> RenewOutcome.UNKNOWN);
            engine.time.advance(Duration.ofMinutes(1));
        });
        assertThat(changes).extracting(LeaseStateChange::state).containsExactly(LeaseState.SUSPECT, LeaseState.HELD);
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void aRemovedListenerIsNotTold() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        var changes = new ArrayList<LeaseStateChange>();
        lease.onStateChange(changes::add).close();
        lease.release();
        assertThat(changes).isEmpty();
    }

    @Test
    void theClientsListenerSeesEverything() {
        engine.client.addListener(told);
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        engine.time.advance(Duration.ofMillis(5));
        lease.release();
        backend.attempts.add(() -> refused(Duration.ofHours(1)));
        assertThat(engine.client.lock("job").tryAcquire()).isEmpty();
        Lease second = engine.client.lock("job").tryAcquire().orElseThrow();
        assertThat(second.isHeld()).isTrue();
        backend.grant().listener.lost(LossReason.TAKEN);
        assertThat(told.events())
                .containsExactly(
                        "acquired job 0 1",
                        "released job 5 RELEASED",
                        "notAcquired job 1",
                        "acquired job 0 1",
                        "LOST TAKEN");
    }

    @Test
    void closeTellsAndReleasesWhatIsHeldAndEndsEveryWait() throws Exception {
        engine.client.addListener(told);
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        backend.refuseByDefault = true;
        var waiter = inThread(() -> engine.client.lock("job", OPTIONS).acquire());
        engine.awaitParked(1);
        engine.client.close();
        engine.client.close();
        assertThat(waiter.failure()).isInstanceOf(IllegalStateException.class);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
        assertThat(told.events()).contains("LOST CLOSED");
        assertThat(backend.released).hasValue(1);
        assertThat(backend.closed).isTrue();
        assertThat(engine.time.pendingTasks()).isZero();
    }

    @Test
    void anAttemptThatFailsBecauseTheClientClosesSaysThatItIsClosed() {
        backend.attempts.add(() -> {
            engine.client.close();
            throw ScriptedBackend.failure(true);
        });
        assertThatThrownBy(() -> engine.client.lock("job", OPTIONS).acquire())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aRemovedListenerOfTheClientIsNotToldAndAClosedClientTakesNone() {
        var removed = new ArrayList<String>();
        engine.client
                .addListener(new LockListener() {
                    @Override
                    public void acquired(String lockName, Duration waited, int attempts) {
                        removed.add(lockName);
                    }
                })
                .close();
        assertThat(engine.client.lock("job", OPTIONS).tryAcquire()).isPresent();
        assertThat(removed).isEmpty();
        engine.client.close();
        assertThatThrownBy(() -> engine.client.addListener(new LockListener() {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterCloseNothingIsSent() {
        var lock = engine.client.lock("job", OPTIONS);
        engine.client.close();
        assertThatThrownBy(lock::tryAcquire).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(lock::acquire).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> engine.client.lock("job")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> engine.client.holder("job")).isInstanceOf(IllegalStateException.class);
        assertThat(backend.asked).isEmpty();
    }

    @Test
    void aGrantThatArrivesDuringCloseIsGivenBack() throws Exception {
        var arrived = new java.util.concurrent.CountDownLatch(1);
        var closing = new java.util.concurrent.CountDownLatch(1);
        backend.attempts.add(() -> {
            arrived.countDown();
            try {
                closing.await();
            } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
            return null;
        });
        var acquirer = inThread(() -> engine.client.lock("job", OPTIONS).acquire());
        arrived.await();
        var closer = inThread(() -> {
            engine.client.close();
            return 1;
        });
        org.awaitility.Awaitility.await().until(engine.client::isClosed);
        closing.countDown();
        closer.get();
        assertThat(acquirer.failure()).isInstanceOf(IllegalStateException.class);
        assertThat(backend.released).hasValue(1);
        assertThat(engine.client.held()).isEmpty();
    }

    @Test
    void aClosingClientThatIsInterruptedLeavesNoLeaseHeld() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        Thread.currentThread().interrupt();
        engine.client.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lease.isHeld()).isFalse();
        assertThat(backend.closed).isTrue();
    }

    @Test
    void aReleaseThatBreaksTheBackendEndsTheLeaseAllTheSame() {
        Lease lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        backend.releases.add(() -> {
            throw new NoClassDefFoundError("a jar is missing");
        });
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(engine.client.held()).isEmpty();
        assertThat(backend.undone).hasSize(1);
    }

    @Test
    void undeclaredCallsAreRefusedByName() {
        backend.capabilities.clear();
        backend.capabilities.add(io.interlock.Capability.LEASE);
        var plain = new EngineFixture(backend);
        Lease lease = plain.client
                .lock("job", OPTIONS.withRenewal(RenewalMode.NONE))
                .tryAcquire()
                .orElseThrow();
        assertThatThrownBy(lease::fencingToken)
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("FENCING");
        assertThatThrownBy(() -> plain.client.holder("job"))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("INSPECT");
        assertThatThrownBy(() -> plain.client.forceRelease("job", 1))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("FORCE_RELEASE");
    }
}
