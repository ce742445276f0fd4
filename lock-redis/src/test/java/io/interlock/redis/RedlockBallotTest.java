// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.redis.RedlockBallot.Verdict;
import org.junit.jupiter.api.Test;

class RedlockBallotTest {
    private static final long VALID_UNTIL = 1000;

    private final RedlockBallot ballot = new RedlockBallot(Quorum.of(3), VALID_UNTIL);

    @Test
    void majorityThatGrantsAndConfirmsIsAGrant() {
        ballot.granted(0, "x", 5);
        assertThat(ballot.verdict()).isEqualTo(Verdict.OPEN);
        ballot.granted(1, "y", 7);
        assertThat(ballot.verdict()).isEqualTo(Verdict.CONFIRM);
        assertThat(ballot.token()).isEqualTo(7);
        assertThat(ballot.toConfirm()).containsExactly(0, 1);
        assertThat(ballot.toConfirm()).isEmpty();
        ballot.confirmed(0, 10);
        assertThat(ballot.verdict()).isEqualTo(Verdict.CONFIRM);
        ballot.confirmed(1, VALID_UNTIL - 1);
        assertThat(ballot.verdict()).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void confirmationThatComesAtTheEndOfValidityIsTooLate() {
        granted01();
        ballot.confirmed(0, 10);
        ballot.confirmed(1, VALID_UNTIL);
        assertThat(ballot.verdict()).isEqualTo(Verdict.SPENT);
    }

    @Test
    void answerThatComesTwiceCountsOnce() {
        ballot.granted(0, "x", 5);
        ballot.granted(0, "x", 5);
        assertThat(ballot.verdict()).isEqualTo(Verdict.OPEN);
        ballot.granted(1, "y", 7);
        ballot.confirmed(0, 10);
        ballot.confirmed(0, 10);
        assertThat(ballot.verdict()).isEqualTo(Verdict.CONFIRM);
    }

    @Test
    void serverThatAnswersAtTwoAddressesCountsOnce() {
        ballot.granted(0, "x", 5);
        ballot.granted(1, "x", 5);
        assertThat(ballot.verdict()).isEqualTo(Verdict.OPEN);
        ballot.granted(2, "z", 6);
        assertThat(ballot.toConfirm()).containsExactly(0, 2);
    }

    @Test
    void nodeThatGrantsLateLearnsTheTokenAndDoesNotCount() {
        granted01();
        ballot.toConfirm();
        ballot.granted(2, "z", 9);
        assertThat(ballot.token()).isEqualTo(7);
        assertThat(ballot.toConfirm()).containsExactly(2);
        ballot.confirmed(0, 10);
        ballot.confirmed(2, 10);
        assertThat(ballot.verdict()).isEqualTo(Verdict.CONFIRM);
    }

    @Test
    void majorityAgainstIsARefusalAtOnce() {
        ballot.refused(0);
        assertThat(ballot.verdict()).isEqualTo(Verdict.OPEN);
        ballot.refused(1);
        assertThat(ballot.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(ballot.mayHold()).containsExactly(2);
        assertThat(ballot.mayComeLate(2)).isTrue();
    }

    @Test
    void majorityThatFailsIsNoRefusal() {
        ballot.failed(0, true);
        ballot.granted(1, "y", 7);
        ballot.failed(2, false);
        assertThat(ballot.verdict()).isEqualTo(Verdict.UNAVAILABLE);
        assertThat(ballot.mayHold()).containsExactly(0, 1);
    }

    @Test
    void oneForUsAndOneAgainstIsARefusalWhenTheTimeIsUp() {
        ballot.granted(0, "x", 5);
        ballot.refused(1);
        assertThat(ballot.verdict()).isEqualTo(Verdict.OPEN);
        ballot.firstRoundIsOver();
        assertThat(ballot.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(ballot.mayHold()).containsExactly(0, 2);
        assertThat(ballot.mayComeLate(0)).isFalse();
    }

    @Test
    void oneForUsAndOneThatFailedIsNoAnswerWhenTheTimeIsUp() {
        ballot.granted(0, "x", 5);
        ballot.failed(1, true);
        ballot.firstRoundIsOver();
        assertThat(ballot.verdict()).isEqualTo(Verdict.UNAVAILABLE);
    }

    @Test
    void secondRoundGoesOnWhenTheTimeOfTheFirstIsOver() {
        granted01();
        ballot.firstRoundIsOver();
        assertThat(ballot.verdict()).isEqualTo(Verdict.CONFIRM);
        ballot.timeIsUp();
        assertThat(ballot.verdict()).isEqualTo(Verdict.UNAVAILABLE);
        assertThat(ballot.mayHold()).containsExactly(0, 1, 2);
    }

    @Test
    void grantThatIsGoneWhenItIsToBeConfirmedIsNoGrant() {
        granted01();
        ballot.refused(2);
        ballot.unconfirmed(0);
        assertThat(ballot.verdict()).isEqualTo(Verdict.REFUSED);
        ballot.confirmed(0, 10);
        ballot.confirmed(1, 10);
        assertThat(ballot.verdict()).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void whatWasGivenUpAndGrantsAfterAllIsGivenBackWithoutBeingBlocked() {
        ballot.refused(0);
        ballot.refused(1);
        ballot.granted(2, "z", 6);
        assertThat(ballot.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(ballot.mayHold()).containsExactly(2);
        assertThat(ballot.mayComeLate(2)).isFalse();
        assertThat(ballot.toConfirm()).isEmpty();
    }

    @Test
    void ofFiveNodesThreeDecide() {
        var five = new RedlockBallot(Quorum.of(5), VALID_UNTIL);
        five.granted(0, "v", 1);
        five.granted(1, "w", 2);
        five.failed(2, true);
        five.refused(3);
        assertThat(five.verdict()).isEqualTo(Verdict.OPEN);
        five.granted(4, "z", 3);
        assertThat(five.toConfirm()).containsExactly(0, 1, 4);
    }

    private void granted01() {
        ballot.granted(0, "x", 5);
        ballot.granted(1, "y", 7);
    }
}
