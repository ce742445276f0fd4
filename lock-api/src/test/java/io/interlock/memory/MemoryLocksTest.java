// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LossReason;
import io.interlock.Registration;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryLocksTest {
    private final MemoryLocks locks = MemoryLocks.create();
    private final LockClient one = locks.newClient();
    private final LockClient two = locks.newClient();
    private final List<LeaseStateChange> changes = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAndFindNothingLeft() {
        one.close();
        two.close();
        assertThat(locks.size()).isZero();
    }

    private Lease heldByOne() {
        Lease lease = one.lock("job").tryAcquire().orElseThrow();
        lease.onStateChange(changes::add);
        return lease;
    }

    private void awaitLoss(LossReason reason) {
        await().untilAsserted(() -> assertThat(changes)
                .last()
                .extracting(LeaseStateChange::reason)
                .isEqualTo(java.util.Optional.of(reason)));
    }

    private static LockOptions leaseOf(long millis) {
        return LockOptions.defaults().withLease(Duration.ofMillis(millis));
    }

    @Test
    void clientsExcludeEachOther() {
        Lease lease = heldByOne();
        assertThat(two.lock("job").tryAcquire()).isEmpty();
        assertThat(two.lock("other").tryAcquire()).isPresent();
        lease.release();
        assertThat(two.lock("job").tryAcquire()).isPresent();
    }

    @Test
    void theHolderIsShown() {
        assertThat(two.holder("job")).isEmpty();
        Lease lease = one.lock("job", LockOptions.defaults().withLabel("nightly"))
                .tryAcquire()
                .orElseThrow();
        assertThat(two.holder("job")).hasValueSatisfying(holder -> {
            assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(holder.thread()).isEqualTo(Thread.currentThread().getName());
            assertThat(holder.label()).contains("nightly");
            assertThat(holder.fencingToken()).hasValue(lease.fencingToken());
        });
        assertThat(locks.size()).isOne();
    }

    @Test
    void tokensIncreaseAndAreOnTheScaleOfMicroseconds() {
        long last = 1_700_000_000_000_000L;
        for (int i = 0; i < 1000; i++) {
            try (Lease lease = (i % 2 == 0 ? one : two).lock("job").tryAcquire().orElseThrow()) {
                assertThat(lease.fencingToken()).isGreaterThan(last);
                last = lease.fencingToken();
            }
        }
        assertThat(last).isLessThan(1L << 53);
    }

    @Test
    void waitersAreServedInOrderOfArrival() throws Exception {
        Lease lease = heldByOne();
        var served = new CopyOnWriteArrayList<Integer>();
        var waiters = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 8; i++) {
            int number = i;
            waiters.add((i % 2 == 0 ? one : two).lock("job").acquireAsync().thenAccept(granted -> {
                served.add(number);
                granted.release();
            }));
            await().until(() -> locks.waiters("job") == number + 1);
        }
        lease.release();
        CompletableFuture.allOf(waiters.toArray(CompletableFuture[]::new)).get();
        assertThat(served).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void newcomersDoNotOvertakeAQueue() {
        Lease lease = heldByOne();
        CompletableFuture<Lease> waiter = two.lock("job").acquireAsync();
        await().until(() -> locks.waiters("job") == 1);
        lease.release();
        waiter.thenAccept(Lease::release).join();
        assertThat(one.lock("job").tryAcquire()).isPresent();
    }

    @Test
    void aWaiterThatLeavesFromTheMiddleStrandsNobody() {
        Lease lease = heldByOne();
        CompletableFuture<Lease> first = two.lock("job").acquireAsync();
        await().until(() -> locks.waiters("job") == 1);
        CompletableFuture<Lease> second = two.lock("job").acquireAsync();
        await().until(() -> locks.waiters("job") == 2);
        first.cancel(true);
        await().until(() -> locks.waiters("job") == 1);
        lease.release();
        assertThat(second.join().isHeld()).isTrue();
    }

    @Test
    void aDeletedEntryIsToldAtOnce() {
        Lease lease = heldByOne();
        assertThat(locks.loseLease("job")).isTrue();
        assertThat(lease.isHeld()).isFalse();
        awaitLoss(LossReason.DELETED);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(locks.loseLease("job")).isFalse();
    }

    @Test
    void anEntryThatSomebodyTookIsToldAndNotFreedByItsFormerHolder() {
        Lease lease = heldByOne();
        assertThat(locks.takeOver("job", Duration.ofSeconds(3))).isTrue();
        awaitLoss(LossReason.TAKEN);
        lease.close();
        assertThat(locks.isHeld("job")).isTrue();
        assertThat(two.lock("job").acquireAsync().join().isHeld()).isTrue();
    }

    @Test
    void aWaiterLearnsThatATakenEntryEndsSooner() throws Exception {
        heldByOne();
        CompletableFuture<Lease> waiter = two.lock("job").acquireAsync();
        await().until(() -> locks.waiters("job") == 1);
        locks.takeOver("job", Duration.ofMillis(100));
        assertThat(waiter.get(10, java.util.concurrent.TimeUnit.SECONDS).isHeld())
                .isTrue();
    }

    @Test
    void anExpiredEntryIsNotRenewedNorFreedByItsFormerHolder() {
        Lease lease = heldByOne();
        assertThat(locks.expire("job")).isTrue();
        Lease next = two.lock("job").tryAcquire().orElseThrow();
        assertThat(lease.renew(Duration.ofSeconds(30))).isFalse();
        awaitLoss(LossReason.TAKEN);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(next.isHeld()).isTrue();
        assertThat(two.holder("job")).isPresent();
        assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
    }

    @Test
    void delayedRenewalsLoseTheLeaseAndOthersGetTheLock() {
        try (Registration delay = locks.delayRenewals()) {
            Lease lease = one.lock("job", leaseOf(300)).tryAcquire().orElseThrow();
            lease.onStateChange(changes::add);
            assertThat(two.lock("job").acquireAsync().join().isHeld()).isTrue();
            assertThat(lease.isHeld()).isFalse();
            awaitLoss(LossReason.UNREACHABLE);
        }
    }

    @Test
    void delayedRenewalsThatEndInTimeLoseNothing() {
        Lease lease = one.lock("job", leaseOf(3000)).tryAcquire().orElseThrow();
        Registration delay = locks.delayRenewals();
        await().until(() -> lease.state() == LeaseState.SUSPECT);
        delay.close();
        await().until(() -> lease.state() == LeaseState.HELD);
        lease.close();
    }

    @Test
    void anAcquisitionWhoseReplyIsLostLeavesNoOrphan() {
        locks.loseNextReply();
        assertThatThrownBy(() -> one.lock("job").tryAcquire())
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        await().until(() -> !locks.isHeld("job"));
        assertThat(one.lock("job").tryAcquire()).isPresent();
    }

    @Test
    void aQueuedWaiterWhoseReplyIsLostGetsItsGrantAllTheSame() {
        Lease lease = heldByOne();
        CompletableFuture<Lease> waiter = two.lock("job").acquireAsync();
        await().until(() -> locks.waiters("job") == 1);
        locks.loseNextReply();
        lease.release();
        waiter.join().release();
        assertThat(locks.isHeld("job")).isFalse();
    }

    @Test
    void aQueuedWaiterThatGivesUpAfterALostReplyLeavesNoOrphan() {
        Lease lease = heldByOne();
        CompletableFuture<Lease> waiter = two.lock("job").acquireAsync();
        await().until(() -> locks.waiters("job") == 1);
        waiter.whenComplete((granted, failed) -> {}).cancel(true);
        locks.loseNextReply();
        lease.release();
        waiter.cancel(true);
        await().until(() -> !locks.isHeld("job"));
    }

    @Test
    void aReleaseWhoseReplyIsLostFreesTheLock() {
        Lease lease = heldByOne();
        locks.loseNextReleaseReply();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        await().until(() -> two.lock("job").tryAcquire().isPresent());
    }

    @Test
    void anOutageIsAnErrorAndNotARefusal() {
        try (Registration outage = locks.outage()) {
            assertThatThrownBy(() -> one.lock("job").tryAcquire()).isInstanceOf(LockBackendException.class);
            assertThatThrownBy(() -> one.holder("job")).isInstanceOf(LockBackendException.class);
        }
        assertThat(one.lock("job").tryAcquire()).isPresent();
    }

    @Test
    void anOperatorMayEndAGrantByItsToken() {
        Lease lease = heldByOne();
        assertThat(two.forceRelease("job", lease.fencingToken() + 1)).isFalse();
        assertThat(lease.isHeld()).isTrue();
        assertThat(two.forceRelease("job", lease.fencingToken())).isTrue();
        awaitLoss(LossReason.FORCED);
        assertThat(two.lock("job").tryAcquire()).isPresent();
    }

    @Test
    void aLeaseEndsAfterItsTimeAndNotBefore() {
        long asked = System.nanoTime();
        Lease lease = one.lock("job", leaseOf(500).withRenewal(RenewalMode.NONE))
                .tryAcquire()
                .orElseThrow();
        Lease next = two.lock("job").acquireAsync().join();
        assertThat(System.nanoTime() - asked)
                .as("validity ends a little before the lease, by the drift")
                .isGreaterThan(Duration.ofMillis(480).toNanos());
        assertThat(lease.isHeld()).isFalse();
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    void clientsOfOneUriShareAStoreAsLongAsOneIsOpen() {
        try (var first = LockClient.open("memory:shared");
                var second = LockClient.open("memory:shared");
                var alone = LockClient.open("memory:");
                var other = LockClient.open("memory:other")) {
            assertThat(first.lock("job").tryAcquire()).isPresent();
            assertThat(second.lock("job").tryAcquire()).isEmpty();
            assertThat(alone.lock("job").tryAcquire()).isPresent();
            assertThat(other.lock("job").tryAcquire()).isPresent();
        }
        try (var later = LockClient.open("memory:shared")) {
            assertThat(later.lock("job").tryAcquire()).isPresent();
        }
    }
}
