// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.interlock.zookeeper.TokenRule.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRuleTest {
    private static final long MILLIS = 1_755_555_555_555L;
    private static final long MICROS = MILLIS * 1000;

    private static Verdict atGrant(long value, int anchor, int sequence) {
        return TokenRule.atGrant(Optional.of(new Fence(value, anchor)), sequence, MILLIS);
    }

    @Test
    void aNewLockBeginsAtTheClock() {
        assertThat(TokenRule.atGrant(Optional.empty(), 7, MILLIS)).isEqualTo(new Verdict.Raise(new Fence(MICROS, 7)));
    }

    @Test
    void eachSequenceHasABlockOfItsOwn() {
        assertThat(atGrant(MICROS, 7, 7)).isEqualTo(new Verdict.Ready(MICROS));
        assertThat(atGrant(MICROS, 7, 8)).isEqualTo(new Verdict.Ready(MICROS + TokenRule.BLOCK));
        assertThat(atGrant(MICROS, 7, 107)).isEqualTo(new Verdict.Ready(MICROS + 100 * TokenRule.BLOCK));
    }

    @Test
    void aTokenThatLagsBySecondIsStillGood() {
        assertThat(atGrant(MICROS - 1_000_000, 7, 7)).isEqualTo(new Verdict.Ready(MICROS - 1_000_000));
    }

    @Test
    void aTokenThatLagsByMoreIsRaised() {
        assertThat(atGrant(MICROS - 1_000_001, 7, 7)).isEqualTo(new Verdict.Raise(new Fence(MICROS, 7)));
        assertThat(atGrant(MICROS - 1_000_000 - TokenRule.BLOCK - 1, 7, 8))
                .isEqualTo(new Verdict.Raise(new Fence(MICROS, 8)));
    }

    @Test
    void whoIsBehindTheAnchorIsStale() {
        assertThat(atGrant(MICROS, 8, 7)).isEqualTo(new Verdict.Stale());
        assertThat(atGrant(MICROS, Integer.MIN_VALUE, Integer.MAX_VALUE)).isEqualTo(new Verdict.Stale());
    }

    @Test
    void theWrapOfTheSequenceIsAStepLikeAnyOther() {
        assertThat(atGrant(MICROS, Integer.MAX_VALUE, Integer.MIN_VALUE))
                .isEqualTo(new Verdict.Ready(MICROS + TokenRule.BLOCK));
        assertThat(atGrant(MICROS, -1, 0)).isEqualTo(new Verdict.Ready(MICROS + TokenRule.BLOCK));
    }

    @Test
    void theFarthestThatIsNotStaleIsHalfTheNumbersAway() {
        assertThat(atGrant(MICROS, 0, Integer.MAX_VALUE))
                .isEqualTo(new Verdict.Ready(MICROS + (long) TokenRule.BLOCK * Integer.MAX_VALUE));
        assertThat(atGrant(MICROS, 0, Integer.MIN_VALUE)).isEqualTo(new Verdict.Stale());
    }

    @Test
    void aHolderLeavesTheClockBehindAndNeverLessThanItsToken() {
        assertThat(TokenRule.atRelease(MICROS, 7, MICROS + 5)).isEqualTo(new Fence(MICROS + 5, 7));
        assertThat(TokenRule.atRelease(MICROS, 7, MICROS - 5)).isEqualTo(new Fence(MICROS, 7));
    }

    @Test
    void thePairIsReadAsItIsWritten() {
        for (int anchor : new int[] {0, 7, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(Fence.parse(new String(new Fence(MICROS, anchor).bytes(), StandardCharsets.US_ASCII)))
                    .contains(new Fence(MICROS, anchor));
        }
        assertThat(new Fence(MICROS, -7).bytes())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("1755555555555000 -7");
        assertThat(Fence.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "1",
                "1 ",
                "1  2",
                "-1 2",
                "x y",
                "1 2 ",
                "1 2147483648",
                "1 -2147483649",
                "1 99999999999",
                "9999999999999999999 1",
                "10.0.0.1"
            })
    void anythingElseIsNotAPair(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Fence.parse(text));
    }
}
