// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LeaseState;
import io.interlock.LossReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** The state machine: by hand, and by a model checker that tries the interleavings of its calls. */
class LeaseLifeTest {
    private final LeaseLife life = new LeaseLife("job", Runnable::run, new Events(Runnable::run));

    @Test
    void heldAndSuspectAlternate() {
        assertThat(life.recover()).isFalse();
        assertThat(life.suspect()).isTrue();
        assertThat(life.suspect()).isFalse();
        assertThat(life.recover()).isTrue();
        assertThat(life.state()).isEqualTo(LeaseState.HELD);
    }

    @Test
    void anEndIsFinal() {
        assertThat(life.lose(LossReason.TAKEN)).isTrue();
        assertThat(life.lose(LossReason.EXPIRED)).isFalse();
        assertThat(life.release()).isFalse();
        assertThat(life.suspect()).isFalse();
        assertThat(life.recover()).isFalse();
        assertThat(life.lossReason()).contains(LossReason.TAKEN);
    }

    @Test
    void everyChangeIsToldOnceInOrder() {
        var told = new ArrayList<LeaseState>();
        life.add(change -> told.add(change.state()));
        life.suspect();
        life.recover();
        life.suspect();
        life.release();
        life.lose(LossReason.CLOSED);
        assertThat(told).containsExactly(LeaseState.SUSPECT, LeaseState.HELD, LeaseState.SUSPECT, LeaseState.RELEASED);
    }

    @Test
    void noInterleavingEndsALeaseTwice() {
        options().check(Checked.class);
    }

    /** The checker is worth something only if it finds the race that a careless state machine has. */
    @Test
    void theCheckerFindsAPlantedRace() {
        assertThatThrownBy(() -> options().check(Planted.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0) // a call before the race could end the lease, and there would be none
                .actorsAfter(1);
    }

    /** What the checker calls: two ends, a doubt and a recovery, and what listeners heard. */
    public static class Checked {
        private final LeaseLife life = new LeaseLife("job", Runnable::run, new Events(Runnable::run));

        @Operation
        public boolean lose() {
            return life.lose(LossReason.EXPIRED);
        }

        @Operation
        public boolean release() {
            return life.release();
        }

        @Operation
        public boolean suspect() {
            return life.suspect();
        }

        @Operation
        public boolean recover() {
            return life.recover();
        }

        @Operation
        public String state() {
            return life.state().name();
        }
    }

    /** Looks, then acts. */
    public static class Planted {
        private volatile LeaseState state = LeaseState.HELD;

        private boolean end(LeaseState target) {
            if (state == LeaseState.LOST || state == LeaseState.RELEASED) {
                return false;
            }
            state = target;
            return true;
        }

        @Operation
        public boolean lose() {
            return end(LeaseState.LOST);
        }

        @Operation
        public boolean release() {
            return end(LeaseState.RELEASED);
        }
    }

    @Test
    void listenersOfRacingChangesHearThemInTheOrderInWhichTheyHappened() throws Exception {
        for (int round = 0; round < 2000; round++) {
            var racing = new LeaseLife("job", Runnable::run, new Events(Runnable::run));
            List<LeaseState> told = new CopyOnWriteArrayList<>();
            racing.add(change -> told.add(change.state()));
            var suspecting = new Thread(racing::suspect);
            var losing = new Thread(() -> racing.lose(LossReason.EXPIRED));
            suspecting.start();
            losing.start();
            suspecting.join();
            losing.join();
            assertThat(told).endsWith(LeaseState.LOST).doesNotHaveDuplicates();
        }
    }
}
