// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LeaseStateChange;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens, and the pair on the lock's node that they are counted from. */
class TokenTest {
    private final Ground ground = Ground.shared();
    private final LockClient client = ground.client();

    @AfterEach
    void end() throws Exception {
        ground.close();
    }

    private Lease acquired() {
        return client.lock("job").tryAcquire().orElseThrow();
    }

    private long ctimeMicros() throws Exception {
        String node = ground.paths("job").child(ground.line("job").get(0).name());
        return TimeUnit.MILLISECONDS.toMicros(
                ground.hand().checkExists().forPath(node).getCtime());
    }

    @Test
    void theFirstTokenIsTheTimeOfTheNodeAndThePairSaysSo() throws Exception {
        Lease lease = acquired();
        assertThat(lease.fencingToken()).isEqualTo(ctimeMicros());
        assertThat(ground.fence("job"))
                .contains(new Fence(
                        lease.fencingToken(), ground.line("job").get(0).sequence()));
    }

    @Test
    void aHolderLeavesThePairBehindNearTheClock() throws Exception {
        Lease lease = acquired();
        int sequence = ground.line("job").get(0).sequence();
        lease.release();
        Fence left = ground.fence("job").orElseThrow();
        assertThat(left.anchor()).isEqualTo(sequence);
        assertThat(left.value()).isGreaterThanOrEqualTo(lease.fencingToken());
    }

    @Test
    void theNextTokenIsCountedFromThePairWithoutAWrite() throws Exception {
        acquired().release();
        Fence left = ground.fence("job").orElseThrow();
        Lease next = acquired();
        assertThat(next.fencingToken()).isEqualTo(left.value() + TokenRule.BLOCK);
        assertThat(ground.fence("job")).contains(left);
    }

    @Test
    void aPairThatLagsBehindIsRaised() throws Exception {
        acquired().release();
        ground.fence("job", "5 0");
        Lease lease = acquired();
        assertThat(lease.fencingToken()).isEqualTo(ctimeMicros());
        assertThat(ground.fence("job").orElseThrow().value()).isEqualTo(lease.fencingToken());
    }

    @Test
    void aPairAheadOfTheClockIsCountedOn() throws Exception {
        acquired().release();
        int sequence = ground.fence("job").orElseThrow().anchor();
        ground.fence("job", "9000000000000000 " + sequence);
        Lease lease = acquired();
        assertThat(lease.fencingToken()).isEqualTo(9_000_000_000_000_000L + TokenRule.BLOCK);
        lease.release();
        assertThat(ground.fence("job").orElseThrow().value()).isEqualTo(lease.fencingToken());
    }

    @Test
    void tokensGoOnOverTheWrap() throws Exception {
        acquired().release();
        // as if the last holder had been the one before the wrap, seen from the next sequence, which is small
        int next = ground.fence("job").orElseThrow().anchor() + 1;
        ground.fence("job", "9000000000000000 " + (next - 2));
        Lease lease = acquired();
        assertThat(lease.fencingToken()).isEqualTo(9_000_000_000_000_000L + 2 * TokenRule.BLOCK);
    }

    @Test
    void whoIsBehindTheAnchorStepsBackAndQueuesAgain() throws Exception {
        acquired().release();
        int next = ground.fence("job").orElseThrow().anchor() + 1;
        ground.fence("job", "9000000000000000 " + (next + 2));
        Lease lease = acquired();
        assertThat(lease.fencingToken()).isEqualTo(9_000_000_000_000_000L);
        assertThat(ground.line("job")).hasSize(1);
        assertThat(ground.line("job").get(0).sequence()).isEqualTo(next + 2);
    }

    @Test
    void aPairOfSomebodyElseIsRefusedAndNothingIsLeft() throws Exception {
        acquired().release();
        ground.fence("job", "hello");
        assertThatThrownBy(this::acquired)
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining(ground.paths("job").lock())
                .hasMessageContaining("hello");
        await().until(() -> ground.line("job").isEmpty());
    }

    @Test
    void aHolderThatCanNotRaiseThePairLeavesAllTheSame() throws Exception {
        Lease lease = acquired();
        ground.fence("job", "9000000000000000 77");
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(ground.line("job")).isEmpty();
        assertThat(ground.fence("job")).contains(new Fence(9_000_000_000_000_000L, 77));
    }

    @Test
    void aGrantEndedByForceTellsItsHolderAndTokensGoOn() throws Exception {
        Lease lease = acquired();
        var heard = new CopyOnWriteArrayList<LeaseStateChange>();
        lease.onStateChange(heard::add);
        LockClient operator = ground.client();
        assertThat(operator.forceRelease("job", lease.fencingToken() + 1)).isFalse();
        assertThat(operator.forceRelease("job", lease.fencingToken())).isTrue();
        assertThat(operator.forceRelease("job", lease.fencingToken())).isFalse();
        await().until(() -> heard.stream().anyMatch(change -> change.reason().equals(Optional.of(LossReason.FORCED))));
        assertThat(acquired().fencingToken()).isGreaterThan(lease.fencingToken());
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
    }

    @Test
    void theHolderIsToldWithTokenAndTime() throws Exception {
        assertThat(client.holder("job")).isEmpty();
        assertThat(ground.exists(ground.paths("job").lock())).isFalse();
        Lease lease = acquired();
        var holder = ground.client().holder("job").orElseThrow();
        assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(holder.thread()).isEqualTo(Thread.currentThread().getName());
        assertThat(holder.fencingToken()).hasValue(lease.fencingToken());
        assertThat(holder.since()).isPresent();
        lease.release();
        assertThat(client.holder("job")).isEmpty();
    }

    @Test
    void theSizeOfABlockIsFrozen() {
        assertThat(TokenRule.BLOCK).isEqualTo(16);
    }
}
