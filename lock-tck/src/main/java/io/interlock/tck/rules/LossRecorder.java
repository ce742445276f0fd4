// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.LeaseListener;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockListener;
import io.interlock.LossReason;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens to one lease, or to all of a client, and remembers what it is told. Thread-safe. */
final class LossRecorder implements LeaseListener, LockListener {
    private final List<LeaseStateChange> changes = new CopyOnWriteArrayList<>();

    @Override
    public void stateChanged(LeaseStateChange change) {
        changes.add(change);
    }

    /** {@return everything that was told} */
    List<LeaseStateChange> changes() {
        return changes;
    }

    /** {@return the reasons of the losses that were told} */
    List<LossReason> losses() {
        return changes.stream().flatMap(change -> change.reason().stream()).toList();
    }

    boolean heard(LeaseState state) {
        return changes.stream().anyMatch(change -> change.state() == state);
    }

    /** Waits for the signal of a loss. */
    void awaitLoss(Trial trial, Duration bound, String whose) throws Exception {
        trial.eventually(bound, whose + " is told of the loss", () -> heard(LeaseState.LOST));
    }

    /** Demands that a loss was told just once. */
    void assertOneLoss(String whose) {
        if (losses().size() != 1) {
            throw new AssertionError(whose + " was told of one loss " + losses().size() + " times: " + changes);
        }
    }

    /** Demands that no loss was told. */
    void assertNoLoss(String whose, String when) {
        if (!losses().isEmpty()) {
            throw new AssertionError(whose + " was told of a loss " + when + ": " + changes);
        }
    }
}
