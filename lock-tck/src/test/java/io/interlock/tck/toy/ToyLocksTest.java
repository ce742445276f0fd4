// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.StoreInspector;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The toy store with the real engine, as the kit's rules meet it. */
class ToyLocksTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final LockOptions SHORT = LockOptions.defaults().withLease(Duration.ofMillis(1_500));

    private final ToyTckBackend backend = new ToyTckBackend();
    private final StoreInspector store = backend.store().orElseThrow();
    private final Link link = backend.network().orElseThrow().newLink();
    private final LockClient ours = backend.newClient(ClientSpec.through(link));
    private final LockClient others = backend.newClient(ClientSpec.direct());

    @AfterEach
    void close() {
        link.heal();
        ours.close();
        others.close();
        link.close();
        backend.close();
    }

    @Test
    void heldIsRefusedAndReleasedIsGrantedWithALargerToken() {
        var first = ours.lock("a").tryAcquire().orElseThrow();
        assertThat(others.lock("a").tryAcquire()).isEmpty();
        assertThat(others.holder("a")).isPresent();
        assertThat(first.release()).isEqualTo(ReleaseOutcome.RELEASED);
        var second = others.lock("a").tryAcquire().orElseThrow();
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        assertThat(store.counters("a")).isEqualTo(1);
        second.close();
        assertThat(store.entries("a")).isZero();
    }

    @Test
    void releaseWakesAWaiterOfAnotherClient() throws Exception {
        var first = ours.lock("a").acquire();
        var next = others.lock("a").acquireAsync();
        await().until(() -> store.waiters("a").orElseThrow() == 1);
        first.close();
        long released = System.nanoTime();
        next.get().close();
        assertThat(System.nanoTime() - released).isLessThan(ToyContender.RECHECK.toNanos() / 2);
        await().until(() -> store.subscriptions() == 0);
    }

    @Test
    void leaseWithoutRenewalEndsAndIsTakenOver() throws Exception {
        var lost = ours.lock("a", SHORT.withRenewal(RenewalMode.NONE)).acquire();
        long acquired = System.nanoTime();
        var next = others.lock("a").acquire(SOON);
        assertThat(Duration.ofNanos(System.nanoTime() - acquired)).isGreaterThan(Duration.ofMillis(1_400));
        assertThat(lost.isHeld()).isFalse();
        assertThat(lost.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(next.isHeld()).isTrue();
        assertThat(others.lock("a").tryAcquire()).isEmpty();
    }

    @Test
    void renewalKeepsTheLockBeyondItsLease() throws Exception {
        var lease = ours.lock("a", SHORT).acquire();
        long end = System.nanoTime() + SHORT.lease().multipliedBy(3).toNanos();
        await().atMost(SOON).until(() -> {
            assertThat(others.lock("a").tryAcquire()).isEmpty();
            return System.nanoTime() - end > 0;
        });
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void attemptWhoseReplyIsLostIsUndone() {
        var lost = link.loseReply(command -> command.is(Command.Kind.ACQUIRE));
        var failed = CompletableFuture.supplyAsync(() -> ours.lock("a").tryAcquire());
        assertThat(failed).failsWithin(SOON);
        assertThat(lost.hasHappened()).isTrue();
        await().atMost(SOON).until(() -> store.timeToLive("a").isEmpty());
        others.lock("a").tryAcquire().orElseThrow().close();
    }

    @Test
    void attemptThatArrivesAfterItsUndoTakesNothing() throws Exception {
        var held = link.hold(command -> command.is(Command.Kind.ACQUIRE));
        var spec = ClientSpec.through(link).with("callTimeout", "200ms");
        try (var hasty = backend.newClient(spec)) {
            assertThat(CompletableFuture.supplyAsync(() -> hasty.lock("a").tryAcquire()))
                    .failsWithin(SOON);
            await().atMost(SOON).until(() -> store.entries("a") == 1); // the tombstone
            held.letGo();
            assertThat(store.timeToLive("a")).isEmpty();
            assertThat(others.lock("a").tryAcquire()).isPresent();
        }
    }

    @Test
    void waiterIsGrantedAfterItsConnectionWasBroken() throws Exception {
        var first = others.lock("a").acquire();
        var next = ours.lock("a").acquireAsync();
        await().until(() -> store.waiters("a").orElseThrow() == 1);
        link.cut();
        await().until(() -> store.waiters("a").orElseThrow() == 0);
        first.close();
        link.heal();
        next.get().close();
    }

    @Test
    void takenDeletedAndForcedAreToldApart() throws Exception {
        assertThat(lossAfter(() -> store.steal("a", SHORT.lease()))).isEqualTo(LossReason.TAKEN);
        await().until(() -> store.timeToLive("a").isEmpty());
        assertThat(lossAfter(() -> store.delete("a"))).isEqualTo(LossReason.DELETED);
        assertThat(lossAfter(() -> others.forceRelease(
                        "a", others.holder("a").orElseThrow().fencingToken().orElseThrow())))
                .isEqualTo(LossReason.FORCED);
    }

    @Test
    void holderBehindADeadRouterIsToldAtTheEndOfItsValidity() throws Exception {
        var lease = ours.lock("a", SHORT).acquire();
        link.blackHole();
        var next = others.lock("a").acquire(SOON);
        assertThat(lease.isHeld()).isFalse();
        await().until(() -> lease.state() == LeaseState.LOST);
        next.close();
    }

    @Test
    void closedBackendLeavesNoThread() {
        ours.close();
        others.close();
        link.close();
        backend.close();
        await().atMost(SOON)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("toy-")
                                || thread.getName().startsWith("lock-tck-link")));
    }

    private LossReason lossAfter(Runnable spoil) throws InterruptedException {
        var reason = new AtomicReference<LossReason>();
        var lease = ours.lock("a", SHORT).acquire(SOON);
        lease.onStateChange(change -> change.reason().ifPresent(reason::set));
        spoil.run();
        await().atMost(SOON).until(() -> reason.get() != null);
        return reason.get();
    }
}
