// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static io.interlock.internal.engine.ScriptedBackend.failure;
import static io.interlock.internal.engine.ScriptedBackend.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AsyncAcquireTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);
    private final DistributedLock lock = engine.client.lock("job", OPTIONS);

    private void assertNothingIsLeft() {
        assertThat(backend.contendersOpen).hasValue(0);
        assertThat(engine.client.gates().size()).isZero();
        assertThat(engine.client.waits()).isEmpty();
        assertThat(engine.client.held()).isEmpty();
        assertThat(engine.time.pendingTasks()).isZero();
    }

    @Test
    void aFreeLockIsDelivered() {
        CompletableFuture<Lease> future = lock.acquireAsync();
        future.join().release();
        assertNothingIsLeft();
    }

    @Test
    void aWaiterNeedsNoThreadAndIsDeliveredOnWakeUp() {
        backend.attempts.add(() -> refused(LONG));
        CompletableFuture<Lease> future = lock.acquireAsync();
        assertThat(future).isNotDone();
        backend.wakeUps.get(0).run();
        future.join().release();
        assertNothingIsLeft();
    }

    @Test
    void aWaiterTriesAgainWhenTheStoreSaidSo() {
        backend.attempts.add(() -> refused(Duration.ofSeconds(3)));
        CompletableFuture<Lease> future = lock.acquireAsync();
        engine.time.advance(Duration.ofSeconds(3).minusNanos(1));
        assertThat(future).isNotDone();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(future).isCompleted();
    }

    @Test
    void aTimedWaitEndsInATimeout() {
        backend.refuseByDefault = true;
        CompletableFuture<Lease> future = lock.acquireAsync(Duration.ofSeconds(5));
        engine.time.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(future).isNotDone();
        engine.time.advance(Duration.ofNanos(1));
        assertThat(future).isCompletedExceptionally();
        assertThat(failureOf(future)).isInstanceOf(LockTimeoutException.class).hasMessageContaining("5000 ms");
        assertNothingIsLeft();
    }

    @Test
    void aTimeoutNamesTheHolderAlsoWhereRefusalsDoNot() {
        var holder = new HolderInfo("web-3", 4711, "main", Optional.empty(), Optional.empty(), OptionalLong.empty());
        backend.capabilities.add(Capability.INSPECT);
        backend.holder = Optional.of(holder);
        backend.refuseByDefault = true;
        var inspecting = new EngineFixture(backend);
        var future = inspecting.client.lock("job", OPTIONS).acquireAsync(Duration.ofSeconds(5));
        inspecting.time.advance(Duration.ofSeconds(5));
        assertThat(failureOf(future))
                .isInstanceOfSatisfying(
                        LockTimeoutException.class, e -> assertThat(e.holder()).contains(holder));
    }

    @Test
    void aWaitOfZeroIsOneAttemptPastTheGate() {
        backend.attempts.add(() -> refused(LONG));
        CompletableFuture<Lease> waiting = lock.acquireAsync();
        assertThat(lock.acquireAsync(Duration.ZERO)).isCompleted();
        backend.attempts.add(() -> refused(LONG));
        assertThat(failureOf(lock.acquireAsync(Duration.ZERO))).isInstanceOf(LockTimeoutException.class);
        assertThat(waiting).isNotDone();
    }

    @Test
    void aTimerThatFiresBeforeTheParkIsCompleteIsNotLost() {
        backend.attempts.add(() -> refused(Duration.ZERO));
        assertThat(lock.acquireAsync()).isNotDone();
        engine.time.advance(Duration.ZERO);
        assertThat(backend.asked).hasSize(2);
    }

    @Test
    void aPoolThatIsClosedFailsTheFuture() {
        var closed = new EngineFixture(backend, task -> {
            throw new java.util.concurrent.RejectedExecutionException();
        });
        assertThat(failureOf(closed.client.lock("job", OPTIONS).acquireAsync()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(closed.client.gates().size()).isZero();
        assertThat(closed.client.waits()).isEmpty();
    }

    @Test
    void aFailingStoreFailsTheFutureAndNotTheCall() {
        backend.attempts.add(() -> {
            throw failure(false);
        });
        assertThat(failureOf(lock.acquireAsync())).isInstanceOf(LockBackendException.class);
        assertNothingIsLeft();
    }

    @Test
    void cancelWhileParkedLeavesNothing() {
        backend.attempts.add(() -> refused(LONG));
        CompletableFuture<Lease> future = lock.acquireAsync();
        future.cancel(true);
        assertNothingIsLeft();
        backend.wakeUps.get(0).run();
        assertThat(backend.asked).hasSize(1);
    }

    @Test
    void cancelDuringTheAttemptGivesTheGrantBack() {
        var futures = new ArrayList<CompletableFuture<Lease>>();
        backend.attempts.add(() -> refused(LONG));
        backend.attempts.add(() -> {
            futures.get(0).cancel(true);
            return null;
        });
        futures.add(lock.acquireAsync());
        backend.wakeUps.get(0).run();
        assertThat(futures.get(0)).isCancelled();
        assertThat(backend.released).hasValue(1);
        assertNothingIsLeft();
    }

    @Test
    void cancelDuringARefusedAttemptIsNotLost() {
        var futures = new ArrayList<CompletableFuture<Lease>>();
        backend.attempts.add(() -> refused(LONG));
        backend.attempts.add(() -> {
            futures.get(0).cancel(true);
            return refused(LONG);
        });
        futures.add(lock.acquireAsync());
        backend.wakeUps.get(0).run();
        assertNothingIsLeft();
    }

    @Test
    void aFutureCompletedFromOutsideEndsTheWait() {
        backend.attempts.add(() -> refused(LONG));
        lock.acquireAsync().completeExceptionally(new IllegalStateException("mine"));
        assertNothingIsLeft();
    }

    @Test
    void aThousandWaitersAskForOneAndAreServedInTurn() {
        backend.attempts.add(() -> refused(LONG));
        var waiters = new ArrayList<CompletableFuture<Lease>>();
        for (int i = 0; i < 1000; i++) {
            waiters.add(lock.acquireAsync());
        }
        assertThat(backend.asked).hasSize(1);
        for (int i = 0; i < 1000; i++) {
            backend.attempts.add(() -> null); // granted to the front one; the next moves up, asks at once
            backend.attempts.add(() -> refused(LONG)); // and is refused, because the one before holds the lock
        }
        backend.wakeUps.get(0).run();
        for (var waiter : List.copyOf(waiters)) {
            waiter.join().release();
        }
        assertNothingIsLeft();
    }

    @Test
    void aClosedClientFailsTheFutureAndNotTheCall() {
        var open = engine.client.lock("job", OPTIONS);
        backend.attempts.add(() -> refused(LONG));
        CompletableFuture<Lease> waiting = open.acquireAsync();
        engine.client.close();
        assertThat(failureOf(waiting)).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(open.acquireAsync())).isInstanceOf(IllegalStateException.class);
    }

    private static Throwable failureOf(CompletableFuture<Lease> future) {
        return future.handle((lease, failure) -> failure).join();
    }
}
