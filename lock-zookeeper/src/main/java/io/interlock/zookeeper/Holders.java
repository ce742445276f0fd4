// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.HolderInfo;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.zookeeper.KeeperException;

/** Questions about the holder of a lock, and its end by an operator. */
final class Holders {
    private static final int TRIES = 10;

    private Holders() {}

    /** The first in line. */
    static Optional<HolderInfo> holder(Parts parts, Call call, String name)
            throws InterruptedException, KeeperException {
        Session session = parts.sessions().current(call);
        Queue queue = parts.queue(name);
        KeeperException.NoNodeException last = null;
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Queue.View> view = queue.latest(call, session);
            if (view.isEmpty() || view.get().line().isEmpty()) {
                return Optional.empty();
            }
            ContenderNode first = view.get().line().get(0);
            try {
                Requests.Content content = queue.read(call, session, first);
                return Optional.of(HolderEntry.decode(
                        content, view.get().lock(), view.get().tokenOf(first)));
            } catch (KeeperException.NoNodeException leftMeanwhile) {
                last = leftMeanwhile;
            }
        }
        throw parts.errors().broken(call, "the holder changed " + TRIES + " times while we looked", last);
    }

    /** Compares and deletes in one step: the pair that the token was read from must not have changed. */
    static boolean forceRelease(Parts parts, Call call, String name, long token)
            throws InterruptedException, KeeperException {
        Session session = parts.sessions().current(call);
        Queue queue = parts.queue(name);
        KeeperException.BadVersionException last = null;
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Queue.View> view = queue.latest(call, session);
            if (view.isEmpty() || view.get().line().isEmpty()) {
                return false;
            }
            ContenderNode first = view.get().line().get(0);
            OptionalLong held = view.get().tokenOf(first);
            if (held.isEmpty() || held.getAsLong() != token) {
                return false;
            }
            try {
                call.await(queue.leave(
                        session,
                        queue.paths().child(first.name()),
                        TokenRule.byForce(token, first.sequence()),
                        view.get().lock().getVersion()));
                return true;
            } catch (KeeperException.NoNodeException leftMeanwhile) {
                return false;
            } catch (KeeperException.BadVersionException raisedMeanwhile) {
                last = raisedMeanwhile;
            }
        }
        throw parts.errors().broken(call, "the queue changed " + TRIES + " times while we looked", last);
    }
}
