// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.Command;
import io.interlock.tck.Link;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One command of a client that goes to several nodes, held before each of them. Thread-safe.
 *
 * @param each one a node
 */
record HeldAtNodes(List<Link.Held> each) implements Link.Held {
    @Override
    public boolean awaitHappened(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        for (Link.Held held : each) {
            if (!held.awaitHappened(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean hasHappened() {
        return each.stream().allMatch(Link.Held::hasHappened);
    }

    @Override
    public Optional<Command> command() {
        return each.get(0).command();
    }

    @Override
    public void letGo() {
        each.forEach(Link.Held::letGo);
    }

    @Override
    public void drop() {
        each.forEach(Link.Held::drop);
    }
}
