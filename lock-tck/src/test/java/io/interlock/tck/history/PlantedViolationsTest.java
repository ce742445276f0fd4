// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.Simulation.Plan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Violations that were planted into valid histories are found, whatever else is in them. */
final class PlantedViolationsTest {
    enum Violations {
        DOUBLE_GRANT(Planted::doubleGrant, true, "14.01"),
        REPEATED_TOKEN(Planted::repeatedToken, true, "14.02"),
        TOKEN_GOING_BACK(Planted::tokenGoingBack, true, "14.02"),
        HOLD_AFTER_EXPIRY(Planted::holdAfterExpiry, true, "14.01"),
        DROPPED_RELEASE(Planted::droppedRelease, true, "14.01"),
        FOREIGN_RELEASE(Planted::foreignRelease, false, "14.03"),
        FORGED_RELEASE(Planted::forgedRelease, false, "14.03"),
        STALE_EXTENSION(Planted::staleExtension, false, "14.03"),
        UNJUSTIFIED_NOT_HELD(Planted::unjustifiedNotHeld, false, "14.03"),
        UNJUSTIFIED_REFUSAL(Planted::unjustifiedRefusal, false, "14.04");

        @SuppressWarnings("ImmutableEnumChecker") // a method reference
        private final Function<Planted, Optional<List<HistoryEvent>>> planting;

        private final boolean seenByStageOne;
        private final String rule;

        Violations(Function<Planted, Optional<List<HistoryEvent>>> planting, boolean seenByStageOne, String rule) {
            this.planting = planting;
            this.seenByStageOne = seenByStageOne;
            this.rule = rule;
        }
    }

    @ParameterizedTest
    @EnumSource
    void areFoundInShortHistories(Violations violation) {
        assertFound(violation, 100, 40);
    }

    @ParameterizedTest
    @EnumSource
    void areFoundInLongerHistories(Violations violation) {
        assertFound(violation, 1_000, 12);
    }

    @ParameterizedTest
    @EnumSource
    void areFoundInLongHistories(Violations violation) {
        assertFound(violation, 5_000, 2);
    }

    private static void assertFound(Violations violation, int operations, int seeds) {
        int planted = 0;
        for (int seed = 0; seed < seeds; seed++) {
            // an answer that never came explains a refusal for ever, so that refusals are planted where there is none
            Plan plan = violation == Violations.UNJUSTIFIED_REFUSAL ? Plan.calm(operations) : Plan.stormy(operations);
            var history = violation.planting.apply(new Planted(Simulation.run(seed, plan), seed));
            if (history.isPresent()) {
                planted++;
                assertFound(violation, seed, history.get());
            }
        }
        assertThat(planted).as("histories that had a place for it").isGreaterThanOrEqualTo(Math.max(1, seeds / 3));
    }

    private static void assertFound(Violations violation, long seed, List<HistoryEvent> events) {
        CheckResult result = HistoryChecker.standard().check(Edits.history(events));
        assertThat(result.findings())
                .as("seed %d", seed)
                .anySatisfy(finding -> assertThat(finding)
                        .isInstanceOfSatisfying(
                                Violation.class,
                                found -> assertThat(found.rule()).hasToString(violation.rule)));
        var lock = LockHistory.of(events).iterator().next();
        boolean seen = !StageOne.check(lock, new Sentences(0)).isEmpty();
        assertThat(seen).as("seen by stage one alone, seed %d", seed).isEqualTo(violation.seenByStageOne);
    }
}
