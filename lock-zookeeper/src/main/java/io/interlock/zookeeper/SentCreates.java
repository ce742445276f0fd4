// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.OwnerId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;

/**
 * The creates whose outcome nobody knows, and the sessions that they were sent on: what an undo must know to be sure of
 * "not there". Thread-safe. See docs/adr/0013.
 */
final class SentCreates {
    private final Map<OwnerId, Session> unknown = new ConcurrentHashMap<>();

    /** Remembers the create until the ensemble's answer to it is known. */
    void sent(OwnerId owner, Session session, CompletableFuture<Requests.Created> reply) {
        unknown.put(owner, session);
        reply.whenComplete((created, failure) -> {
            if (failure == null || isRefusal(failure)) {
                unknown.remove(owner);
            }
        });
    }

    /**
     * Whether a create of this id may still be carried out after all that a session has answered so far.
     *
     * @param live the session that found no node of the id, after a sync
     */
    boolean mayComeAfter(OwnerId owner, Session live) {
        Session sentOn = unknown.get(owner);
        // a session's requests are carried out in order; one that has ended for good carries out nothing more
        return sentOn != null && sentOn != live && !sentOn.isLongOver();
    }

    void forget(OwnerId owner) {
        unknown.remove(owner);
    }

    int size() {
        return unknown.size();
    }

    private static boolean isRefusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof KeeperException said && ZooKeeperErrors.isRefusal(said);
    }
}
