// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.Command;
import io.interlock.tck.Link;
import java.util.function.Predicate;

/** Stops one command. What it does is done on the loop. */
final class HoldFault extends WaitingFault implements Link.Held {
    private final CommandFaults faults;
    private final Predicate<Command> which;
    private Runnable goOn = () -> {}; // confined to the loop
    private Runnable giveUp = () -> {}; // confined to the loop

    HoldFault(LinkLoop loop, CommandFaults faults, Predicate<Command> which) {
        super(loop);
        this.faults = faults;
        this.which = which;
    }

    boolean matches(Command command) {
        return which.test(command);
    }

    void stopped(Command command, Runnable onLetGo, Runnable onDrop) {
        goOn = onLetGo;
        giveUp = onDrop;
        happened(command);
    }

    /** Its connection is gone, or it was let go. */
    void forget() {
        goOn = () -> {};
        giveUp = () -> {};
    }

    @Override
    public void letGo() {
        onLoop(() -> {
            Runnable next = goOn;
            forget();
            next.run();
        });
    }

    @Override
    public void drop() {
        onLoop(() -> {
            Runnable next = giveUp;
            forget();
            next.run();
        });
    }

    private void onLoop(Runnable action) {
        loop().runUnlessClosed(() -> {
            faults.remove(this);
            action.run();
        });
    }
}
