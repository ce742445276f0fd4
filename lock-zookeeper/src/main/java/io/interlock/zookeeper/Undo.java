// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.OwnerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException;

/** Takes back whatever an owner id holds or queues; see docs/adr/0013. */
final class Undo {
    private final Parts parts;
    private final String name;
    private final OwnerId owner;

    Undo(Parts parts, String name, OwnerId owner) {
        this.parts = parts;
        this.name = name;
        this.owner = owner;
    }

    ReleaseOutcome run(Call call) {
        Optional<Session> session = parts.sessions().connected();
        if (session.isEmpty()) {
            return ReleaseOutcome.UNKNOWN;
        }
        try {
            return run(call, session.get());
        } catch (KeeperException said) {
            parts.errors().log(said);
            return ReleaseOutcome.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ReleaseOutcome.UNKNOWN;
        }
    }

    private ReleaseOutcome run(Call call, Session session) throws InterruptedException, KeeperException {
        Queue queue = parts.queue(name);
        Optional<Queue.View> view = queue.latest(call, session);
        List<ContenderNode> line = view.isPresent() ? view.get().line() : List.of();
        boolean found = delete(call, session, queue, line);
        if (!found && parts.sentCreates().mayComeAfter(owner, session)) {
            return ReleaseOutcome.NOT_HELD;
        }
        parts.sentCreates().forget(owner);
        return ReleaseOutcome.RELEASED;
    }

    private boolean delete(Call call, Session session, Queue queue, List<ContenderNode> line)
            throws InterruptedException, KeeperException {
        var deletes = new ArrayList<CompletableFuture<Boolean>>();
        for (ContenderNode node : line) {
            if (node.owner().equals(owner.toString())) {
                deletes.add(session.requests().delete(queue.paths().child(node.name())));
            }
        }
        for (CompletableFuture<Boolean> delete : deletes) {
            try {
                call.await(delete);
            } catch (KeeperException.NoNodeException goneAlready) {
                // fine
            }
        }
        return !deletes.isEmpty();
    }
}
