// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static io.interlock.internal.engine.EngineFixture.inThread;
import static io.interlock.internal.engine.ScriptedBackend.failure;
import static io.interlock.internal.engine.ScriptedBackend.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockTimeoutException;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingAcquireTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);
    private final DistributedLock lock = engine.client.lock("job", OPTIONS);

    @AfterEach
    void everyContenderWasClosedAndEveryGateLeft() {
        assertThat(backend.contendersOpen).hasValue(0);
        assertThat(engine.client.gates().size()).isZero();
        assertThat(engine.client.waits()).isEmpty();
    }

    private void refuse(Duration retryAfter) {
        backend.attempts.add(() -> refused(retryAfter));
    }

    @Test
    void tryAcquireAsksOnceAndNeverWaits() {
        refuse(LONG);
        assertThat(lock.tryAcquire()).isEmpty();
        assertThat(backend.asked).hasSize(1);
        assertThat(lock.tryAcquire()).isPresent();
    }

    @Test
    void aWaitOfZeroIsOneAttempt() throws Exception {
        refuse(LONG);
        assertThat(lock.tryAcquire(Duration.ZERO)).isEmpty();
        refuse(LONG);
        assertThatThrownBy(() -> lock.acquire(Duration.ZERO)).isInstanceOf(LockTimeoutException.class);
        assertThat(backend.asked).hasSize(2);
    }

    @Test
    void aWaiterTriesAgainWhenTheStoreSaidSo() throws Exception {
        refuse(Duration.ofSeconds(3));
        var call = inThread(() -> lock.tryAcquire(LONG));
        engine.awaitParked(1);
        engine.time.advance(Duration.ofSeconds(3).minusNanos(1));
        assertThat(backend.asked).hasSize(1);
        engine.time.advance(Duration.ofNanos(1));
        assertThat(call.get()).isPresent();
        assertThat(backend.asked).hasSize(2);
    }

    @Test
    void eachAttemptHasAnOwnerIdOfItsOwn() throws Exception {
        refuse(Duration.ofSeconds(1));
        var call = inThread(() -> lock.tryAcquire(LONG));
        engine.awaitParked(1);
        engine.time.advance(Duration.ofSeconds(1));
        call.get();
        assertThat(backend.asked).doesNotHaveDuplicates();
    }

    @Test
    void aWakeUpEndsThePark() throws Exception {
        refuse(LONG);
        var call = inThread(() -> lock.acquire());
        engine.awaitParked(1);
        backend.wakeUps.get(0).run();
        assertThat(call.get().isHeld()).isTrue();
    }

    @Test
    void aWakeUpDuringTheAttemptIsNotLost() throws Exception {
        backend.attempts.add(() -> {
            backend.wakeUps.get(0).run(); // the holder released between our refusal and our park
            return refused(LONG);
        });
        assertThat(inThread(() -> lock.acquire()).get().isHeld()).isTrue();
    }

    @Test
    void aReleaseInThisClientWakesItsFrontWaiter() throws Exception {
        Lease held = lock.tryAcquire().orElseThrow();
        refuse(LONG);
        var call = inThread(() -> lock.acquire());
        engine.awaitParked(1);
        held.release();
        assertThat(call.get().isHeld()).isTrue();
    }

    @Test
    void aLossInThisClientWakesItsFrontWaiter() throws Exception {
        Lease held = lock.tryAcquire().orElseThrow();
        refuse(LONG);
        var call = inThread(() -> lock.acquire());
        engine.awaitParked(1);
        backend.grant().listener.lost(io.interlock.LossReason.DELETED);
        assertThat(call.get().isHeld()).isTrue();
        assertThat(held.isHeld()).isFalse();
    }

    @Test
    void aGrantThatCannotBeWatchedIsGivenBack() {
        backend.watchFails = true;
        assertThatThrownBy(lock::tryAcquire).isInstanceOf(IllegalStateException.class);
        assertThat(backend.released).hasValue(1);
        assertThat(engine.client.held()).isEmpty();
        assertThat(engine.time.pendingTasks()).isZero();
    }

    @Test
    void aTimedWaitEndsAtItsDeadlineAndNotBefore() throws Exception {
        backend.refuseByDefault = true;
        var call = inThread(() -> lock.tryAcquire(Duration.ofSeconds(10)));
        engine.awaitParked(1);
        for (int second = 0; second < 9; second++) {
            int asked = backend.asked.size();
            engine.time.advance(Duration.ofSeconds(1));
            await().until(() -> backend.asked.size() > asked && engine.time.parked() == 1);
        }
        engine.time.advance(Duration.ofSeconds(1).minusNanos(1));
        assertThat(call.result).isNotDone();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(call.get()).isEmpty();
    }

    @Test
    void theTimeoutNamesTheHolderThatWasSeenLast() throws Exception {
        var holder =
                new HolderInfo("web-3", 4711, "main", Optional.of("nightly"), Optional.empty(), OptionalLong.of(9));
        backend.attempts.add(() -> refused(LONG, holder));
        var call = inThread(() -> lock.acquire(Duration.ofSeconds(1)));
        engine.awaitParked(1);
        engine.time.advance(Duration.ofSeconds(1));
        assertThat(call.failure())
                .isInstanceOfSatisfying(
                        LockTimeoutException.class, e -> assertThat(e.holder()).contains(holder))
                .hasMessageContainingAll("job", "pid 4711 on host web-3", "nightly", "1000 ms");
    }

    @Test
    void aGrantThatComesAfterTheDeadlineIsGivenBack() throws Exception {
        refuse(Duration.ofMillis(500));
        backend.attempts.add(() -> {
            engine.time.advance(Duration.ofSeconds(1));
            return null;
        });
        var call = inThread(() -> lock.tryAcquire(Duration.ofSeconds(1)));
        engine.awaitParked(1);
        engine.time.advance(Duration.ofMillis(500));
        assertThat(call.get()).isEmpty();
        assertThat(backend.released).hasValue(1);
        assertThat(engine.client.held()).isEmpty();
    }

    @Test
    void aGrantWhoseLeaseIsUsedUpOnArrivalIsUndone() {
        backend.attempts.add(() -> {
            engine.time.advance(Duration.ofSeconds(30));
            return null;
        });
        assertThatThrownBy(lock::tryAcquire).isInstanceOf(LockBackendException.class);
        assertThat(backend.undone).containsExactlyElementsOf(backend.asked);
        assertThat(engine.client.held()).isEmpty();
    }

    @Test
    void anErrorBeforeTheFirstAnswerIsThrown() {
        backend.attempts.add(() -> {
            throw failure(false);
        });
        assertThatThrownBy(() -> lock.acquire(LONG)).isInstanceOf(LockBackendException.class);
        assertThat(backend.undone).isEmpty();
    }

    @Test
    void anAmbiguousErrorIsUndone() {
        backend.attempts.add(() -> {
            throw failure(true);
        });
        assertThatThrownBy(lock::tryAcquire).isInstanceOf(LockBackendException.class);
        assertThat(backend.undone).containsExactlyElementsOf(backend.asked);
    }

    @Test
    void whatABrokenBackendThrowsIsUndoneToo() {
        backend.attempts.add(() -> {
            throw new IllegalStateException("bug");
        });
        assertThatThrownBy(lock::tryAcquire).isInstanceOf(IllegalStateException.class);
        assertThat(backend.undone).containsExactlyElementsOf(backend.asked);
    }

    @Test
    void interruptedBeforeTheCallNothingIsSent() throws Exception {
        var call = inThread(() -> {
            Thread.currentThread().interrupt();
            return lock.acquire();
        });
        assertThat(call.failure()).isInstanceOf(InterruptedException.class);
        assertThat(call.interruptedAfter).hasValue(false);
        assertThat(backend.asked).isEmpty();
    }

    @Test
    void interruptEndsAWaitAndClearsTheFlag() throws Exception {
        refuse(LONG);
        var call = inThread(() -> lock.acquire());
        engine.awaitParked(1);
        call.thread.interrupt();
        assertThat(call.failure()).isInstanceOf(InterruptedException.class);
        assertThat(call.interruptedAfter).hasValue(false);
    }

    @Test
    void interruptDuringAnAttemptUndoesIt() throws Exception {
        backend.attempts.add(() -> {
            Thread.currentThread().interrupt();
            return null;
        });
        var call = inThread(() -> lock.acquire());
        assertThat(call.failure()).isInstanceOf(InterruptedException.class);
        assertThat(backend.undone).containsExactlyElementsOf(backend.asked);
    }

    @Test
    void tryAcquireSetsAnInterruptAsideAndRestoresIt() throws Exception {
        var call = inThread(() -> {
            Thread.currentThread().interrupt();
            return lock.tryAcquire();
        });
        assertThat(call.get()).isPresent();
        await().untilAtomic(call.interruptedAfter, org.hamcrest.Matchers.is(true));
    }

    @Test
    void onlyTheFrontWaiterOfAClientAsksTheStore() throws Exception {
        backend.refuseByDefault = true;
        var calls = java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> inThread(() -> lock.tryAcquire(Duration.ofSeconds(10))))
                .toList();
        engine.awaitParked(5);
        assertThat(backend.asked).hasSize(1);
        engine.time.advance(Duration.ofSeconds(10));
        for (var call : calls) {
            assertThat(call.get()).isEmpty();
        }
    }

    @Test
    void thoseBehindTheFrontAskTheStoreOnceBeforeTheyGiveUp() throws Exception {
        var holder = new HolderInfo("web-3", 4711, "main", Optional.empty(), Optional.empty(), OptionalLong.empty());
        backend.attempts.add(() -> refused(LONG));
        var front = inThread(() -> lock.tryAcquire(Duration.ofSeconds(5)));
        engine.awaitParked(1);
        var behind = inThread(() -> lock.acquire(Duration.ofSeconds(1)));
        engine.awaitParked(2);
        backend.attempts.add(() -> refused(LONG, holder));
        engine.time.advance(Duration.ofSeconds(1));
        assertThat(behind.failure()).isInstanceOf(LockTimeoutException.class).hasMessageContaining("web-3");
        engine.time.advance(Duration.ofSeconds(5));
        assertThat(front.get()).isEmpty();
        assertThat(backend.asked).hasSize(2);
        assertThat(backend.contendersOpen).hasValue(0);
    }

    @Test
    void thoseBehindTheFrontAreGrantedAFreeLockThatTheFrontHasNotSeenYet() throws Exception {
        backend.attempts.add(() -> refused(LONG));
        var front = inThread(() -> lock.tryAcquire(Duration.ofSeconds(5)));
        engine.awaitParked(1);
        var behind = inThread(() -> lock.tryAcquire(Duration.ofSeconds(1)));
        engine.awaitParked(2);
        engine.time.advance(Duration.ofSeconds(1));
        assertThat(behind.get()).isPresent();
        assertThat(front.result).isNotDone();
        engine.time.advance(Duration.ofSeconds(4));
        assertThat(front.get()).isEmpty();
    }

    @Test
    void onAFairBackendEveryWaiterQueuesInTheStore() throws Exception {
        backend.capabilities.add(Capability.FAIR);
        backend.refuseByDefault = true;
        var fair = new EngineFixture(backend);
        var lockOfFair = fair.client.lock("job", OPTIONS);
        var calls = java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> inThread(() -> lockOfFair.tryAcquire(Duration.ofMillis(500))))
                .toList();
        fair.awaitParked(5);
        assertThat(backend.asked).hasSize(5);
        fair.time.advance(Duration.ofMillis(500));
        for (var call : calls) {
            assertThat(call.get()).isEmpty();
        }
    }

    @Test
    void argumentsAreRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> lock.tryAcquire(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lock.acquire(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lock.acquireAsync(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lock.tryAcquire(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> lock.call(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> engine.client.lock(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> engine.client.lock("job", null)).isInstanceOf(NullPointerException.class);
        assertThat(backend.asked).isEmpty();
    }

    @Test
    void aWaitBeyondAllNumbersIsALongWait() throws Exception {
        var lease = inThread(() -> lock.tryAcquire(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(lease.get()).isPresent();
    }

    @Test
    void theLockIsNotReentrant() throws Exception {
        Lease held = lock.tryAcquire().orElseThrow();
        backend.refuseByDefault = true;
        assertThat(lock.tryAcquire()).isEmpty();
        assertThat(held.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }
}
