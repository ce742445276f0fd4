// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.Command;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Takes the reply to one command, and ends its connection or the whole link. */
final class ReplyLoss extends WaitingFault {
    private final Predicate<Command> which;
    private final @Nullable Runnable cut; // null: only the connection ends

    private ReplyLoss(LinkLoop loop, Predicate<Command> which, @Nullable Runnable cut) {
        super(loop);
        this.which = which;
        this.cut = cut;
    }

    static ReplyLoss of(LinkLoop loop, Predicate<Command> which) {
        return new ReplyLoss(loop, which, null);
    }

    /** The last of a number of commands. */
    static ReplyLoss afterCommands(LinkLoop loop, int commands, Runnable cut) {
        var left = new int[] {commands}; // confined to the loop
        return new ReplyLoss(loop, command -> --left[0] == 0, cut);
    }

    boolean matches(Command command) {
        return which.test(command);
    }

    boolean cutsTheLink() {
        return cut != null;
    }

    /** The store has answered, so the command has been carried out. */
    void replied(Connection connection, Command command) {
        if (cut == null) {
            connection.hangUpOnClient();
        } else {
            cut.run();
        }
        happened(command);
    }
}
