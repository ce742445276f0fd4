// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.LockProtocol.Renewal.FORCED;
import static io.interlock.redis.LockProtocol.Renewal.GONE;
import static io.interlock.redis.LockProtocol.Renewal.RENEWED;
import static io.interlock.redis.LockProtocol.Renewal.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.redis.LockProtocol.Renewal;
import io.interlock.redis.RedlockRenewal.Verdict;
import org.junit.jupiter.api.Test;

/** What answers to renewals and releases mean. */
class RedlockRenewalTest {
    private static final long VALID_UNTIL = 1000;

    private final RedlockRenewal renewal = new RedlockRenewal(Quorum.of(3), VALID_UNTIL);
    private final RedlockRelease release = new RedlockRelease(Quorum.of(3));

    @Test
    void majorityRenews() {
        renewal.answered(0, RENEWED, 10);
        renewal.answered(0, RENEWED, 10);
        assertThat(renewal.verdict()).isEqualTo(Verdict.OPEN);
        renewal.failed(1);
        renewal.answered(2, RENEWED, VALID_UNTIL - 1);
        assertThat(renewal.verdict()).isEqualTo(Verdict.RENEWED);
    }

    @Test
    void majorityThatAnswersAtTheEndOfValidityIsTooLate() {
        renewal.answered(0, RENEWED, 10);
        renewal.answered(1, RENEWED, VALID_UNTIL);
        assertThat(renewal.verdict()).isEqualTo(Verdict.LOST);
        assertThat(renewal.reason()).isEqualTo(LossReason.EXPIRED);
    }

    @Test
    void silenceIsNoLoss() {
        renewal.answered(0, RENEWED, 10);
        renewal.failed(1);
        renewal.failed(2);
        assertThat(renewal.verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void whatIsGoneAtOneNodeMayStillBeHeldByTheOthers() {
        renewal.answered(0, GONE, 10);
        renewal.answered(1, RENEWED, 10);
        assertThat(renewal.verdict()).isEqualTo(Verdict.OPEN);
        renewal.timeIsUp();
        assertThat(renewal.verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void lossIsToldAsTheMajoritySeesIt() {
        assertThat(lost(GONE, GONE)).isEqualTo(LossReason.DELETED);
        assertThat(lost(TAKEN, TAKEN)).isEqualTo(LossReason.TAKEN);
        assertThat(lost(TAKEN, GONE)).isEqualTo(LossReason.QUORUM_LOST);
        assertThat(lost(GONE, FORCED)).isEqualTo(LossReason.FORCED);
    }

    private static LossReason lost(Renewal one, Renewal other) {
        var renewal = new RedlockRenewal(Quorum.of(3), VALID_UNTIL);
        renewal.answered(0, one, 10);
        renewal.answered(1, other, 10);
        assertThat(renewal.verdict()).isEqualTo(Verdict.LOST);
        return renewal.reason();
    }

    @Test
    void releaseIsDoneWhenAMajorityHasLetGo() {
        release.answered(0, ReleaseOutcome.RELEASED);
        release.answered(1, ReleaseOutcome.UNKNOWN);
        assertThat(release.isDecided()).isFalse();
        release.answered(2, ReleaseOutcome.RELEASED);
        assertThat(release.outcome()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void releaseOfWhatAMajorityDoesNotHaveTellsOfALoss() {
        release.answered(0, ReleaseOutcome.RELEASED);
        release.answered(1, ReleaseOutcome.NOT_HELD);
        release.answered(2, ReleaseOutcome.NOT_HELD);
        assertThat(release.outcome()).isEqualTo(ReleaseOutcome.NOT_HELD);
    }

    @Test
    void releaseThatNoMajorityAnswersIsUnknown() {
        release.answered(0, ReleaseOutcome.RELEASED);
        release.answered(1, ReleaseOutcome.NOT_HELD);
        release.answered(2, ReleaseOutcome.UNKNOWN);
        assertThat(release.isDecided()).isTrue();
        assertThat(release.outcome()).isEqualTo(ReleaseOutcome.UNKNOWN);
    }
}
