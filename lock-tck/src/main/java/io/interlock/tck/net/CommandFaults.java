// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.Command;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The faults of one link that wait for a command. Confined to the loop. */
final class CommandFaults {
    private final List<HoldFault> holds = new ArrayList<>();
    private final List<ReplyLoss> losses = new ArrayList<>();
    private boolean shut;
    private long passed;

    void add(HoldFault hold) {
        holds.add(hold);
    }

    void add(ReplyLoss loss) {
        losses.add(loss);
    }

    void remove(HoldFault hold) {
        holds.remove(hold);
    }

    /** Forgets those that still wait. */
    void clear() {
        holds.clear();
        losses.clear();
        shut = false;
    }

    /** Whether no command may pass because the link is about to be cut. */
    boolean isShut() {
        return shut;
    }

    long passed() {
        return passed;
    }

    /** The fault that stops a command, if any; each stops one. */
    Optional<HoldFault> holdFor(Command command) {
        Optional<HoldFault> hold =
                holds.stream().filter(fault -> fault.matches(command)).findFirst();
        hold.ifPresent(holds::remove);
        return hold;
    }

    /** Counts a command that goes on to the store; the fault that takes its reply, if any. */
    Optional<ReplyLoss> pass(Command command) {
        passed++;
        // all are asked, because some count; the one that cuts wins, because it may not count again
        Optional<ReplyLoss> loss = losses.stream().filter(fault -> fault.matches(command)).toList().stream()
                .max(Comparator.comparing(ReplyLoss::cutsTheLink));
        loss.ifPresent(fault -> {
            losses.remove(fault);
            shut |= fault.cutsTheLink();
        });
        return loss;
    }
}
