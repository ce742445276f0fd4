// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static io.interlock.internal.engine.EngineFixture.inThread;
import static io.interlock.internal.engine.ScriptedBackend.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.DistributedLock;
import io.interlock.LeaseLostException;
import io.interlock.LockView;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

class ThreadBoundViewTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);
    private final DistributedLock lock = engine.client.lock("job", OPTIONS);
    private final LockView view = lock.asLock();

    @Test
    void theViewOfALockIsAlwaysTheSame() {
        assertThat(lock.asLock()).isSameAs(view);
    }

    @Test
    void nestedHoldsNeedAsManyUnlocks() throws Exception {
        view.lock();
        assertThat(view.tryLock()).isTrue();
        view.lockInterruptibly();
        assertThat(view.tryLock(0, TimeUnit.SECONDS)).isTrue();
        assertThat(view.getHoldCount()).isEqualTo(4);
        assertThat(backend.asked).hasSize(1);
        view.unlock();
        view.unlock();
        view.unlock();
        assertThat(view.isHeldByCurrentThread()).isTrue();
        assertThat(backend.released).hasValue(0);
        view.unlock();
        assertThat(view.getHoldCount()).isZero();
        assertThat(view.isHeldByCurrentThread()).isFalse();
        assertThat(backend.released).hasValue(1);
    }

    @Test
    void unlockWithoutAHoldIsRefused() {
        assertThatThrownBy(view::unlock).isInstanceOf(IllegalMonitorStateException.class);
        view.lock();
        view.unlock();
        assertThatThrownBy(view::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(backend.released).hasValue(1);
    }

    @Test
    void anotherThreadIsNoOwner() throws Exception {
        view.lock();
        var stranger = inThread(() -> {
            assertThatThrownBy(view::unlock).isInstanceOf(IllegalMonitorStateException.class);
            backend.refuseByDefault = true;
            return view.tryLock() || view.isHeldByCurrentThread();
        });
        assertThat(stranger.get()).isFalse();
        assertThat(view.isHeldByCurrentThread()).isTrue();
    }

    @Test
    void anotherObjectOfTheNameIsAnotherOwner() {
        view.lock();
        backend.refuseByDefault = true;
        LockView other = engine.client.lock("job", OPTIONS).asLock();
        assertThat(other.tryLock()).isFalse();
        assertThatThrownBy(other::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void aNestedLockAfterALossFailsAndUnlockCleansUp() {
        view.lock();
        view.lock();
        backend.grant().listener.lost(LossReason.TAKEN);
        assertThatThrownBy(view::lock).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(view::tryLock).isInstanceOf(LeaseLostException.class);
        assertThat(backend.asked).hasSize(1);
        assertThat(view.isHeldByCurrentThread()).isFalse();
        view.unlock();
        assertThatThrownBy(view::unlock)
                .isInstanceOfSatisfying(
                        LeaseLostException.class, e -> assertThat(e.reason()).isEqualTo(LossReason.TAKEN));
        assertThat(view.getHoldCount()).isZero();
        view.lock();
        view.unlock();
        assertThat(backend.asked).hasSize(2);
    }

    @Test
    void unlockTellsThatTheStoreHadLostTheEntry() {
        view.lock();
        backend.releases.add(() -> ReleaseOutcome.NOT_HELD);
        assertThatThrownBy(view::unlock).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void tryLockWithATimeOfZeroOrLessDoesNotWait() throws Exception {
        backend.refuseByDefault = true;
        assertThat(view.tryLock(0, TimeUnit.DAYS)).isFalse();
        assertThat(view.tryLock(-5, TimeUnit.DAYS)).isFalse();
        assertThat(view.tryLock()).isFalse();
        assertThat(backend.asked).hasSize(3);
    }

    @Test
    void lockGoesOnWaitingWhenInterruptedAndRestoresTheFlag() throws Exception {
        backend.attempts.add(() -> refused(Duration.ofHours(1)));
        var call = inThread(() -> {
            view.lock();
            return view.getHoldCount();
        });
        engine.awaitParked(1);
        // the interrupted wait is taken up with another attempt; refuse it as well
        backend.refuseByDefault = true;
        call.thread.interrupt();
        await().until(() -> backend.asked.size() == 2 && engine.time.parked() == 1);
        assertThat(call.result).isNotDone();
        backend.refuseByDefault = false;
        backend.wakeUps.get(0).run();
        assertThat(call.get()).isOne();
        await().untilAtomic(call.interruptedAfter, Matchers.is(true));
    }

    @Test
    void theInterruptibleWaysAreInterruptible() throws Exception {
        for (EngineFixture.Body<Object> way : java.util.List.<EngineFixture.Body<Object>>of(
                () -> {
                    view.lockInterruptibly();
                    return 1;
                },
                () -> view.tryLock(1, TimeUnit.HOURS))) {
            backend.attempts.add(() -> refused(Duration.ofHours(1)));
            var call = inThread(way);
            engine.awaitParked(1);
            call.thread.interrupt();
            assertThat(call.failure()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void thereAreNoConditions() {
        assertThatThrownBy(view::newCondition).isInstanceOf(UnsupportedOperationException.class);
    }
}
