// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import io.interlock.tck.history.HistoryHeader.Refusals;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What justifies "held by another". */
final class RefusalsTest {
    private static final long LONG = 1_000_000;

    private final Story story = new Story();

    @Test
    void aRefusalNeedsAHolderAtOneInstantOfTheCall() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 40, 60, Phase.OK);
        story.refused("b", Kind.TRY, 60, 70);
        assertValid();
    }

    @Test
    void aRefusalAfterTheReleaseIsUnjustified() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.released("a", grant, 40, 60, Phase.OK);
        story.refused("b", Kind.TRY, 61, 70);
        assertBroken("14.04");
        assertThat(story.check().findings().get(0).sentence()).contains("b was told 'held by another'");
    }

    @Test
    void aRefusalIsToBlameAndNotTheGrantsAfterIt() {
        story.call("a", Kind.ACQUIRE, Phase.OK, 0, 100); // op 1; if it was granted early, b was not
        story.refused("c", Kind.TRY, 10, 20); // op 2
        story.call("b", Kind.TRY, Phase.OK, 30, 40); // op 3
        story.released("b", 3, 50, 60, Phase.OK);
        assertBroken("14.04");
        assertThat(story.check().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.sentence()).contains("c was told 'held by another'"));
    }

    @Test
    void aRefusalBeforeAnythingWasAskedForIsUnjustified() {
        story.refused("b", Kind.TRY, 0, 5);
        story.granted("a", 6, 10, 1, LONG);
        assertBroken("14.04");
    }

    @Test
    void anExpiredGrantMayStillStandInTheStore() {
        story.granted("a", 0, 10, 1, 50);
        story.refused("b", Kind.TRY, 500, 510);
        assertValid();
    }

    @Test
    void aRefusalMayComeFromAnAcquisitionWithoutAnAnswer() {
        story.call("a", Kind.TRY, Phase.INFO, 0, 10);
        story.refused("b", Kind.TRY, 500, 510);
        assertValid();
    }

    @Test
    void anAcquisitionThatWasCutOffMayHaveGotTheLock() {
        story.begun("a", Kind.ACQUIRE, 0).killed("a", 5).refused("b", Kind.TRY, 500, 510);
        assertValid();
    }

    @Test
    void oneAcquisitionWithoutAnAnswerHasTheLockOnce() {
        story.call("a", Kind.TRY, Phase.INFO, 0, 10);
        story.refused("b", Kind.TRY, 20, 30);
        long grant = story.granted("c", 40, 50, 1, LONG);
        story.released("c", grant, 60, 70, Phase.OK);
        story.refused("b", Kind.TRY, 80, 90);
        assertBroken("14.04");
    }

    @Test
    void anAcquisitionThatFailedForSureExplainsNothing() {
        story.call("a", Kind.TRY, Phase.FAIL, 0, 10);
        story.refused("b", Kind.TRY, 5, 15);
        assertBroken("14.04");
    }

    @Test
    void aWaiterWhoseTimeIsUpMayHaveHadTheLockForAMoment() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.refused("w", Kind.ACQUIRE, 20, 70).released("a", grant, 30, 40, Phase.OK);
        story.refused("b", Kind.TRY, 50, 60);
        assertValid();
    }

    @Test
    void aWaiterThatIsGoneHasNothingAnyMore() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.refused("w", Kind.ACQUIRE, 20, 70).released("a", grant, 30, 40, Phase.OK);
        story.refused("b", Kind.TRY, 71, 80);
        assertBroken("14.04");
    }

    @Test
    void inADisturbedNetworkALateGrantIsTakenBackLater() {
        long grant = story.granted("a", 0, 10, 1, LONG);
        story.refused("w", Kind.ACQUIRE, 20, 70).released("a", grant, 30, 40, Phase.OK);
        story.refused("b", Kind.TRY, 71, 80).under(Edits.header().withLateGrants(Duration.ofNanos(1)));
        assertValid();
    }

    @Test
    void anAcquisitionThatWasStruckBeforeItWasToldMayHaveHadTheLock() {
        struck("o", 50, 60);
        story.refused("b", Kind.TRY, 40, 45);
        assertValid();
    }

    @Test
    void whoWasStruckHasNothingAfterwards() {
        struck("o", 50, 60);
        story.refused("b", Kind.TRY, 61, 65);
        assertBroken("14.04");
    }

    @Test
    void whatEndedBeforeAnAcquisitionBeganStruckNothing() {
        struck("o", 5, 10);
        story.refused("b", Kind.TRY, 40, 45);
        assertBroken("14.04");
    }

    /** w asks from 20 on and is granted after 69, when c has come and gone; and an end from outside. */
    private void struck(String operator, long from, long to) {
        story.call(operator, Kind.EXPIRE, Phase.OK, from, to);
        long between = story.granted("c", 66, 67, 1, LONG);
        story.released("c", between, 68, 69, Phase.OK);
        long grant = story.granted("w", 20, 100, 2, LONG);
        story.released("w", grant, 110, 120, Phase.OK);
    }

    @Test
    void unjustifiedRefusalsAreOnlyCountedIfTheHeaderSaysSo() {
        story.refused("b", Kind.TRY, 0, 5).refused("b", Kind.TRY, 6, 7);
        story.under(Edits.header().withRefusals(Refusals.MEASURED));
        assertValid();
        assertThat(story.check().measured()).hasSize(2);
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
