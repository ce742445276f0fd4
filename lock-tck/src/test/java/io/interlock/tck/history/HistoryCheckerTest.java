// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.tck.history.Finding.Unknown;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class HistoryCheckerTest {
    private static final long LONG = 1_000_000;

    private final Story story = new Story();

    @Test
    void anEmptyHistoryIsValid() {
        assertThat(story.check().isValid()).isTrue();
    }

    @Test
    void holdsThatTouchDoNotOverlap() {
        story.granted("a", 0, 10, 1, 50);
        story.granted("b", 5, 50, 2, LONG);
        assertValid();
    }

    @Test
    void holdsThatShareAnInstantOverlap() {
        story.granted("a", 0, 10, 1, 51);
        story.granted("b", 5, 50, 2, LONG);
        assertBroken("14.01");
        assertThat(story.check().findings().get(0).sentence())
                .isEqualTo("14.01 lock 'lock': b with token 2 held it from 0.000 ms until 1.000 ms"
                        + " while a with token 1 held it from 0.000 ms until 0.000 ms");
    }

    @Test
    void aHoldEndsWithTheBeginOfItsRelease() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 40, 60, Phase.OK);
        story.granted("b", 20, 40, 2, LONG);
        assertValid();
    }

    @Test
    void aHoldEndsWithItsLoss() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.lost("a", 40, grant);
        story.granted("b", 20, 41, 2, LONG);
        assertValid();
    }

    @Test
    void aGrantBeforeTheLossIsToldIsAnOverlap() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.lost("a", 40, grant);
        story.granted("b", 20, 39, 2, LONG);
        assertBroken("14.01");
    }

    @Test
    void aHoldEndsWithItsProcess() {
        story.granted("a", 0, 10, 1, LONG);
        story.killed("a", 40);
        story.granted("b", 20, 41, 2, LONG);
        assertValid();
    }

    @Test
    void anotherProcessEndsNothing() {
        story.granted("a", 0, 10, 1, LONG);
        story.killed("c", 40);
        story.granted("b", 20, 41, 2, LONG);
        assertBroken("14.01", "14.03");
    }

    @Test
    void anEndFromOutsideEndsTheHold() {
        story.granted("a", 0, 10, 1, LONG);
        story.call("admin", Kind.EXPIRE, Phase.OK, 30, 35);
        story.granted("b", 20, 41, 2, LONG);
        assertValid();
    }

    @Test
    void anEndFromOutsideThatDidNothingEndsNoHold() {
        story.granted("a", 0, 10, 1, LONG);
        story.call("admin", Kind.EXPIRE, Phase.FAIL, 30, 35);
        story.granted("b", 20, 41, 2, LONG);
        assertBroken("14.01", "14.03");
    }

    @Test
    void aClaimMakesAHoldLonger() {
        long grant = story.granted("a", 0, 10, 1, 50);
        story.mark("a", Kind.CLAIM, 40, grant, OptionalLong.of(90));
        story.granted("b", 70, 80, 2, LONG);
        assertBroken("14.01", "14.03");
    }

    @Test
    void anExtensionMayShortenAHold() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.extended("a", grant, 20, 30, Phase.OK, 50);
        story.granted("b", 40, 50, 2, LONG);
        assertValid();
    }

    @Test
    void tokensOfCallsAtTheSameTimeHaveAnyOrder() {
        long grant = story.granted("a", 0, 50, 2, LONG);
        story.released("a", grant, 51, 52, Phase.OK);
        long other = story.granted("b", 50, 60, 1, 61);
        story.released("b", other, 60, 61, Phase.OK);
        assertThat(story.check().findings())
                .filteredOn(f -> f.sentence().startsWith("14.02"))
                .isEmpty();
    }

    @Test
    void tokensOfCallsOneAfterTheOtherRise() {
        long grant = story.granted("a", 0, 50, 2, LONG);
        story.released("a", grant, 51, 52, Phase.OK);
        story.granted("b", 53, 60, 1, LONG);
        assertBroken("14.02");
    }

    @Test
    void aTokenIsGivenOnce() {
        long grant = story.granted("a", 0, 50, 2, LONG);
        story.released("a", grant, 51, 52, Phase.OK);
        story.granted("b", 53, 60, 2, LONG);
        assertBroken("14.02");
    }

    @Test
    void aReleaseWithoutAnAnswerMayFreeTheLockAtAnyLaterTime() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 20, 30, Phase.INFO).refused("b", Kind.TRY, 500, 510);
        story.granted("b", 520, 530, 2, LONG);
        assertValid();
    }

    @Test
    void aReleaseFreesTheLockNotBeforeItBegins() {
        long grant = story.grantedUnfenced("a", 0, 10, LONG);
        long other = story.grantedUnfenced("b", 11, 18, 19);
        story.released("b", other, 18, 19, Phase.OK);
        story.released("a", grant, 20, 30, Phase.INFO);
        assertBroken("14.01", "14.03");
    }

    @Test
    void notHeldNeedsAReason() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 20, 30, Phase.FAIL);
        assertBroken("14.03");
    }

    @Test
    void aSpentValidityIsAReasonForNotHeld() {
        long grant = story.granted("a", 0, 10, 1, 25);
        story.released("a", grant, 20, 30, Phase.FAIL);
        assertValid();
    }

    @Test
    void releasedIsNotTrueOfAGrantThatWasTakenOver() {
        long grant = story.granted("a", 0, 10, 1, 25);
        story.granted("b", 30, 40, 2, LONG);
        story.released("a", grant, 50, 60, Phase.OK);
        assertBroken("14.03");
        assertThat(story.check().findings().get(0).sentence())
                .contains("a was told 'released' for its grant with token 1")
                .contains("it was b with token 2");
    }

    @Test
    void anExpiredGrantThatNobodyTookMayBeProlonged() {
        long grant = story.granted("a", 0, 10, 1, 25);
        story.extended("a", grant, 50, 60, Phase.OK, 90);
        assertValid();
    }

    @Test
    void aGrantThatWasTakenOverIsNotProlonged() {
        long grant = story.granted("a", 0, 10, 1, 25);
        long other = story.granted("b", 30, 40, 2, LONG);
        story.extended("a", grant, 50, 60, Phase.OK, 90).released("b", other, 70, 80, Phase.OK);
        assertBroken("14.01", "14.03");
    }

    @Test
    void aLackOfBudgetIsNoVerdict() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 20, 30, Phase.OK);
        CheckResult result = HistoryChecker.withBudget(1).check(story.history());
        assertThat(result.isValid()).isFalse();
        assertThat(result.findings()).singleElement().isInstanceOf(Unknown.class);
        assertThat(HistoryChecker.withBudget(2).check(story.history()).isValid())
                .isTrue();
    }

    @Test
    void aGapIsNoVerdict() {
        story.granted("a", 0, 10, 1, LONG);
        List<HistoryEvent> events = story.history().events();
        CheckResult result = HistoryChecker.standard().check(Edits.history(events.subList(1, events.size())));
        assertThat(result.findings())
                .singleElement()
                .isInstanceOfSatisfying(
                        Unknown.class,
                        gap -> assertThat(gap.sentence()).contains("ACQUIRE OK, call 1 of a: ends but never began"));
    }

    @Test
    void everyFindingIsInTheError() {
        story.refused("b", Kind.TRY, 0, 5).refused("c", Kind.TRY, 6, 7);
        assertThatThrownBy(() -> story.check().requireValid())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("b was told")
                .hasMessageContaining("c was told");
    }

    private void assertValid() {
        assertThat(story.check().findings()).isEmpty();
    }

    /** The rules of the findings are among these. */
    private void assertBroken(String... rules) {
        assertThat(story.check().findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding)
                        .isInstanceOfSatisfying(
                                Violation.class,
                                found -> assertThat(rules).contains(found.rule().toString())));
    }
}
