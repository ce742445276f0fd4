// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.LockBackendException;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every leased grant does alike, on a clock that stands still unless told. */
class LeasedGrantTest {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration LONGER = Duration.ofSeconds(60);
    private static final Duration SHORTER = Duration.ofSeconds(1);
    private static final long END = Validity.end(0, LEASE);

    private final AtomicLong clock = new AtomicLong();
    private final List<LossReason> heard = new ArrayList<>();
    private final GrantListener listener = new GrantListener() {
        @Override
        public void suspended() {
            throw new AssertionError("no leased grant is suspended");
        }

        @Override
        public void resumed() {
            throw new AssertionError("no leased grant is resumed");
        }

        @Override
        public void lost(LossReason reason) {
            heard.add(reason);
        }
    };

    /** Answers what a test says. */
    private final class Scripted extends LeasedGrant {
        private final Unanswered.Step<RenewOutcome> renewal;
        private final Unanswered.Step<ReleaseOutcome> release;

        Scripted(Unanswered.Step<RenewOutcome> renewal, Unanswered.Step<ReleaseOutcome> release) {
            super(new StandingContext(clock), new OwnerId(1, 2), 7, END);
            this.renewal = renewal;
            this.release = release;
        }

        @Override
        protected RenewOutcome renewInStore(Duration lease, long validBefore) throws InterruptedException {
            RenewOutcome outcome = renewal.run();
            return outcome == RenewOutcome.LOST ? gone(validBefore) : outcome;
        }

        @Override
        protected ReleaseOutcome releaseInStore() throws InterruptedException {
            return release.run();
        }

        void tell(LossReason reason) {
            assertThat(lost(reason)).isEqualTo(RenewOutcome.LOST);
        }
    }

    private Scripted renewedBy(Unanswered.Step<RenewOutcome> renewal) {
        return new Scripted(renewal, () -> ReleaseOutcome.RELEASED);
    }

    private Scripted releasedBy(Unanswered.Step<ReleaseOutcome> release) {
        return new Scripted(() -> RenewOutcome.RENEWED, release);
    }

    @AfterEach
    void noInterruptIsLeftOver() {
        Thread.interrupted();
    }

    @Test
    void isWhatItWasMadeOf() {
        var grant = renewedBy(() -> RenewOutcome.RENEWED);
        assertThat(grant.owner()).isEqualTo(new OwnerId(1, 2));
        assertThat(grant.fencingToken()).isEqualTo(7);
        assertThat(grant.validUntil()).isEqualTo(END);
    }

    @Test
    void validityCountsFromBeforeTheRenewalWasSent() {
        clock.set(5);
        var grant = renewedBy(() -> {
            clock.set(1_000_000);
            return RenewOutcome.RENEWED;
        });
        assertThat(grant.renew(LONGER)).isEqualTo(RenewOutcome.RENEWED);
        assertThat(grant.validUntil()).isEqualTo(Validity.end(5, LONGER));
    }

    @Test
    void longerValidityWaitsForTheAnswer() {
        assertThat(validAfter(LONGER, () -> RenewOutcome.UNKNOWN)).isEqualTo(END);
        assertThat(validAfter(LONGER, () -> RenewOutcome.LOST)).isEqualTo(END);
        assertThat(validAfter(LONGER, failing())).isEqualTo(END);
    }

    @Test
    void shorterValidityCountsWhateverTheAnswer() {
        long end = Validity.end(0, SHORTER);
        assertThat(validAfter(SHORTER, () -> RenewOutcome.RENEWED)).isEqualTo(end);
        assertThat(validAfter(SHORTER, () -> RenewOutcome.UNKNOWN)).isEqualTo(end);
        assertThat(validAfter(SHORTER, failing())).isEqualTo(end);
    }

    @Test
    void shorterValidityCountsWhileTheAnswerIsUnderWay() {
        var seen = new AtomicLong();
        var grants = new ArrayList<Grant>();
        grants.add(renewedBy(() -> {
            seen.set(grants.get(0).validUntil());
            return RenewOutcome.RENEWED;
        }));
        grants.get(0).renew(SHORTER);
        assertThat(seen).hasValue(Validity.end(0, SHORTER));
    }

    private long validAfter(Duration lease, Unanswered.Step<RenewOutcome> renewal) {
        var grant = renewedBy(renewal);
        grant.renew(lease);
        return grant.validUntil();
    }

    @Test
    void aFailingStoreIsUnknown() {
        assertThat(renewedBy(failing()).renew(LEASE)).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(releasedBy(failing()).release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(heard).isEmpty();
    }

    @Test
    void anInterruptIsUnknownAndStays() {
        assertThat(renewedBy(interrupted()).renew(LEASE)).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(releasedBy(interrupted()).release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatIsGoneInItsTimeWasDeletedAndElseExpired() {
        var inTime = renewedBy(() -> RenewOutcome.LOST);
        inTime.watch(listener);
        clock.set(END - 1);
        assertThat(inTime.renew(LEASE)).isEqualTo(RenewOutcome.LOST);
        var late = renewedBy(() -> RenewOutcome.LOST);
        late.watch(listener);
        clock.set(END);
        assertThat(late.renew(LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(heard).containsExactly(LossReason.DELETED, LossReason.EXPIRED);
    }

    @Test
    void aLossIsToldOnceAndWithItsFirstReason() {
        var grant = renewedBy(() -> RenewOutcome.LOST);
        grant.watch(listener);
        grant.tell(LossReason.FORCED);
        grant.renew(LEASE);
        assertThat(heard).containsExactly(LossReason.FORCED);
    }

    @Test
    void whoWatchesLateHearsOfAnEarlierLoss() {
        var grant = renewedBy(() -> RenewOutcome.RENEWED);
        grant.tell(LossReason.TAKEN);
        assertThat(heard).isEmpty();
        grant.watch(listener);
        assertThat(heard).containsExactly(LossReason.TAKEN);
    }

    private static <T> Unanswered.Step<T> failing() {
        return () -> {
            throw new LockBackendException("down", null, true);
        };
    }

    private static <T> Unanswered.Step<T> interrupted() {
        return () -> {
            throw new InterruptedException();
        };
    }
}
