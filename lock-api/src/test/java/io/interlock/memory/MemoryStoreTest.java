// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.StandingContext;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The reference store step by step, on a clock that stands still unless told: every bound from both sides. */
class MemoryStoreTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final AtomicLong clock = new AtomicLong();
    private final MemoryLocks locks = MemoryLocks.create(clock::get);
    private final LockBackend backend = locks.backend();
    private final List<String> woken = new ArrayList<>();
    private long ids;

    MemoryStoreTest() {
        backend.start(new StandingContext(clock));
    }

    private static LockRequest request(boolean waiting, int tokens) {
        var holder = new HolderInfo("h", 1, "t", Optional.empty(), Optional.empty(), OptionalLong.empty());
        return new LockRequest("job", LEASE, waiting, tokens, holder, Duration.ofSeconds(1));
    }

    private OwnerId id() {
        return new OwnerId(1, ++ids);
    }

    private Contender contender(String name) {
        return backend.contend(request(true, 1), () -> woken.add(name));
    }

    private static Grant granted(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Attempt.Granted.class);
        return ((Attempt.Granted) attempt).grant();
    }

    private static Duration refused(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Attempt.Refused.class);
        return ((Attempt.Refused) attempt).retryAfter();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    /** The engine undoes the id, and that may be late. */
    @Test
    void aPlaceWhoseReplyWasLostIsNotGrantedUnderItsId() throws Exception {
        granted(contender("first").attempt(id()));
        Contender waiting = contender("waiting");
        OwnerId lost = id();
        locks.loseNextReply();
        assertThatThrownBy(() -> waiting.attempt(lost)).isInstanceOf(LockBackendException.class);
        locks.loseLease("job");
        OwnerId next = id();
        Grant grant = granted(waiting.attempt(next));
        assertThat(grant.owner()).isEqualTo(next);
        backend.undo(request(true, 1), lost);
        assertThat(locks.isHeld("job")).isTrue();
    }

    @Test
    void blocksOfTokensDoNotOverlapWhileTheClockStandsStill() throws Exception {
        Grant first = granted(backend.contend(request(false, 5), () -> {}).attempt(id()));
        first.release();
        Grant second = granted(backend.contend(request(false, 1), () -> {}).attempt(id()));
        assertThat(second.fencingToken()).isEqualTo(first.fencingToken() + 5);
    }

    @Test
    void tokensFollowTheClockInMicroseconds() throws Exception {
        Grant first = granted(contender("a").attempt(id()));
        first.release();
        pass(Duration.ofSeconds(3));
        Grant second = granted(contender("a").attempt(id()));
        assertThat(second.fencingToken()).isEqualTo(first.fencingToken() + 3_000_000);
    }

    @Test
    void anEntryEndsWithItsLeaseAndNotBefore() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        assertThat(grant.validUntil()).isEqualTo(Validity.end(0, LEASE));
        pass(LEASE.minusNanos(1));
        assertThat(refused(backend.contend(request(false, 1), () -> {}).attempt(id())))
                .isEqualTo(Duration.ofNanos(1));
        assertThat(locks.timeToLive("job")).contains(Duration.ofNanos(1));
        pass(Duration.ofNanos(1));
        assertThat(locks.isHeld("job")).isFalse();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        granted(contender("b").attempt(id())).release();
    }

    @Test
    void aRenewalCountsFromNowAndWakesTheHead() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        refused(contender("b").attempt(id()));
        pass(Duration.ofSeconds(4));
        assertThat(grant.renew(Duration.ofSeconds(20))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(locks.timeToLive("job")).contains(Duration.ofSeconds(20));
        assertThat(grant.validUntil())
                .isEqualTo(Validity.end(Duration.ofSeconds(4).toNanos(), Duration.ofSeconds(20)));
        assertThat(woken).containsExactly("b");
    }

    @Test
    void aRenewalNeitherResurrectsNorSteals() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        var told = new ArrayList<LossReason>();
        grant.watch(new Losses(told));
        pass(LEASE);
        assertThat(grant.renew(LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(locks.isHeld("job")).isFalse();
        Grant next = granted(contender("b").attempt(id()));
        assertThat(grant.renew(LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(told).containsExactly(LossReason.EXPIRED, LossReason.TAKEN);
        assertThat(next.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    private record Losses(List<LossReason> told) implements GrantListener {
        @Override
        public void suspended() {}

        @Override
        public void resumed() {}

        @Override
        public void lost(LossReason reason) {
            told.add(reason);
        }
    }

    @Test
    void aListenerThatComesAfterTheLossIsToldAtOnce() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        locks.loseLease("job");
        var told = new ArrayList<LossReason>();
        grant.watch(new Losses(told));
        assertThat(told).containsExactly(LossReason.DELETED);
    }

    @Test
    void anEntryOfThisVeryIdIsGrantedAgainWithItsTokenAndANewExpiry() throws Exception {
        OwnerId owner = id();
        Grant first = granted(contender("a").attempt(owner));
        pass(Duration.ofSeconds(4));
        Grant again = granted(contender("a").attempt(owner));
        assertThat(again.fencingToken()).isEqualTo(first.fencingToken());
        assertThat(locks.timeToLive("job")).contains(LEASE);
    }

    @Test
    void anUndoneIdIsBlockedForALease() throws Exception {
        OwnerId owner = id();
        assertThat(backend.undo(request(false, 1), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        refused(contender("a").attempt(owner));
        assertThat(locks.waiters("job")).isZero();
        pass(LEASE.minusNanos(1));
        backend.undo(request(false, 1), id()); // a later undo sweeps the blocks that are over, and this is not
        refused(contender("a").attempt(owner));
        pass(Duration.ofNanos(1));
        backend.undo(request(false, 1), id());
        granted(contender("a").attempt(owner));
    }

    @Test
    void undoFreesWhatTheIdHoldsAndNothingElse() throws Exception {
        OwnerId owner = id();
        granted(contender("a").attempt(owner));
        refused(contender("b").attempt(id()));
        backend.undo(request(false, 1), id());
        assertThat(locks.isHeld("job")).isTrue();
        woken.clear();
        backend.undo(request(false, 1), owner);
        assertThat(locks.isHeld("job")).isFalse();
        assertThat(woken).containsExactly("b");
    }

    @Test
    void undoTakesAPlaceInTheQueueAndTheNextMovesUp() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        OwnerId place = id();
        Contender second = contender("b");
        refused(second.attempt(place));
        refused(contender("c").attempt(id()));
        backend.undo(request(true, 1), place);
        assertThat(locks.waiters("job")).isOne();
        woken.clear();
        grant.release();
        assertThat(woken).containsExactly("c");
        refused(second.attempt(id())); // behind the others, with a new place
        assertThat(locks.waiters("job")).isEqualTo(2);
    }

    @Test
    void aQueuedPlaceKeepsItsId() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        OwnerId place = id();
        Contender waiter = contender("b");
        refused(waiter.attempt(place));
        grant.release();
        assertThat(granted(waiter.attempt(id())).owner()).isEqualTo(place);
    }

    @Test
    void whoeverStandsInFrontIsServedFirstAndTheNextIsToldOfTheNewLease() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        Contender first = contender("b");
        Contender second = contender("c");
        refused(first.attempt(id()));
        refused(second.attempt(id()));
        grant.release();
        assertThat(refused(second.attempt(id()))).isEqualTo(LEASE);
        woken.clear();
        granted(first.attempt(id()));
        assertThat(woken).containsExactly("c");
    }

    @Test
    void aHeadThatLeavesWakesTheNext() throws Exception {
        granted(contender("a").attempt(id()));
        Contender first = contender("b");
        refused(first.attempt(id()));
        refused(contender("c").attempt(id()));
        first.close();
        assertThat(woken).containsExactly("c");
        assertThat(locks.waiters("job")).isOne();
    }

    @Test
    void leavingAfterDeliveryLeavesTheGrantAlone() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        Contender waiter = contender("b");
        refused(waiter.attempt(id()));
        grant.release();
        granted(waiter.attempt(id()));
        waiter.close();
        waiter.close();
        assertThat(locks.isHeld("job")).isTrue();
    }

    @Test
    void aGrantWhoseAnswerWasLostGoesWithTheContender() throws Exception {
        Grant grant = granted(contender("a").attempt(id()));
        Contender waiter = contender("b");
        refused(waiter.attempt(id()));
        grant.release();
        locks.loseNextReply();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> waiter.attempt(id()))
                .isInstanceOf(io.interlock.LockBackendException.class);
        assertThat(locks.isHeld("job")).isTrue();
        waiter.close();
        assertThat(locks.isHeld("job")).isFalse();
    }

    @Test
    void theHandInTheStoreSaysWhetherThereWasSomething() throws Exception {
        assertThat(locks.expire("job")).isFalse();
        assertThat(locks.takeOver("job", LEASE)).isFalse();
        assertThat(locks.loseLease("job")).isFalse();
        granted(contender("a").attempt(id()));
        assertThat(locks.takeOver("job", Duration.ofSeconds(3))).isTrue();
        assertThat(locks.timeToLive("job")).contains(Duration.ofSeconds(3));
        assertThat(locks.expire("job")).isTrue();
        assertThat(locks.size()).isZero();
    }
}
