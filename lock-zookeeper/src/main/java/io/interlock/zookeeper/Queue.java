// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockBackendException;
import io.interlock.spi.OwnerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/**
 * The nodes of one lock: what is sent, in which order, and what the answers mean. Thread-safe.
 *
 * <p>The lock's node has the contenders as children, and the pair that tokens are counted from as data.
 */
final class Queue {
    private static final int TRIES = 5;
    private static final byte[] NOTHING = new byte[0];

    private final Parts parts;
    private final LockPaths paths;

    Queue(Parts parts, LockPaths paths) {
        this.parts = parts;
        this.paths = paths;
    }

    /**
     * A look at the queue.
     *
     * @param line the contenders, first in line first
     * @param fenceText the pair, read after the line
     * @param lock the lock's node, read with it
     */
    record View(List<ContenderNode> line, String fenceText, Stat lock) {
        int indexOf(Place place) {
            return line.indexOf(place.node());
        }

        /** The token of a holder, for people: empty if it can't be told. */
        OptionalLong tokenOf(ContenderNode holder) {
            try {
                return Fence.parse(fenceText)
                        .map(fence -> OptionalLong.of(TokenRule.token(fence, holder.sequence())))
                        .orElse(OptionalLong.empty());
            } catch (IllegalArgumentException foreign) {
                return OptionalLong.empty();
            }
        }
    }

    /** A place that was just taken, and the look that was sent right behind. */
    record Entered(Place place, View view) {}

    /** Both replies of a look under way. */
    private record Look(CompletableFuture<List<String>> children, CompletableFuture<Requests.Content> content) {
        View await(Call call) throws InterruptedException, KeeperException {
            List<ContenderNode> line = ContenderNode.inLine(call.await(children));
            Requests.Content lock = call.await(content);
            return new View(line, lock.data(), lock.stat());
        }
    }

    LockPaths paths() {
        return paths;
    }

    /**
     * Queues at the end, and looks: create, list and read are sent back to back, in this order, in one round trip.
     *
     * @param lockIsThere false if the lock has no node yet, as far as we know: it is made first, in the same round trip
     * @throws LockBackendException if that failed; ambiguous unless the node was surely not made
     */
    Entered enter(Call call, Session session, OwnerId owner, byte[] holder, boolean lockIsThere)
            throws InterruptedException {
        boolean makeParents = !lockIsThere;
        for (int tries = 1; ; tries++) {
            List<CompletableFuture<Requests.Created>> parents = makeParents ? makeParents(session) : List.of();
            CompletableFuture<Requests.Created> create = session.requests()
                    .create(paths.contender(owner.toString()), holder, acl(), CreateMode.EPHEMERAL_SEQUENTIAL);
            parts.sentCreates().sent(owner, session, create);
            Look look = look(session);
            Place place;
            try {
                place = place(session, owner, call.await(create));
            } catch (KeeperException.NoNodeException missing) {
                requireMade(call, parents);
                if (tries == TRIES) { // containers come and go
                    throw parts.errors().failed(call, missing);
                }
                makeParents = true;
                continue;
            } catch (KeeperException said) {
                leaveLater(create);
                throw parts.errors().grantingFailed(call, said);
            } catch (InterruptedException e) {
                leaveLater(create);
                throw e;
            }
            return new Entered(place, awaited(call, place, look));
        }
    }

    /** The queue now, and the pair as it is not earlier. */
    View view(Call call, Session session) throws InterruptedException, KeeperException {
        return look(session).await(call);
    }

    /** As {@link #view}, after all that any client was told before. Empty if the lock has no node. */
    Optional<View> latest(Call call, Session session) throws InterruptedException, KeeperException {
        session.requests().sync(paths.lock()); // no need to wait for its reply: the others come later
        try {
            return Optional.of(view(call, session));
        } catch (KeeperException.NoNodeException neverUsed) {
            return Optional.empty();
        }
    }

    /** Reads a contender's node, and sets a watch on it if it is there. */
    Requests.Content watch(Call call, Session session, PredecessorWatch watch)
            throws InterruptedException, KeeperException {
        return call.await(session.requests().content(watch.path(), watch));
    }

    /** Reads a contender's node. */
    Requests.Content read(Call call, Session session, ContenderNode node) throws InterruptedException, KeeperException {
        return call.await(session.requests().content(paths.child(node.name()), null));
    }

    /**
     * Sets the pair if our node is still there and nobody has set it since.
     *
     * @return the version of the lock's node after that
     */
    int raise(Call call, Place place, Fence fence, int version) throws InterruptedException, KeeperException {
        List<OpResult> results = call.await(place.session()
                .requests()
                .all(Op.check(place.path(), -1), Op.setData(paths.lock(), fence.bytes(), version)));
        return ((OpResult.SetDataResult) results.get(1)).getStat().getVersion();
    }

    /** Deletes a contender's node and sets the pair, or does neither. */
    CompletableFuture<List<OpResult>> leave(Session session, String path, Fence fence, int version) {
        return session.requests().all(Op.delete(path, -1), Op.setData(paths.lock(), fence.bytes(), version));
    }

    /** Deletes our node if the first in line is still there, or does nothing. */
    CompletableFuture<List<OpResult>> leaveBehind(Place place, ContenderNode first) {
        return place.session().requests().all(Op.check(paths.child(first.name()), -1), Op.delete(place.path(), -1));
    }

    private Look look(Session session) {
        return new Look(
                session.requests().children(paths.lock()), session.requests().content(paths.lock(), null));
    }

    private View awaited(Call call, Place place, Look look) throws InterruptedException {
        try {
            return look.await(call);
        } catch (KeeperException said) {
            parts.leaver().leave(place.path());
            throw parts.errors().grantingFailed(call, said);
        } catch (InterruptedException e) {
            parts.leaver().leave(place.path());
            throw e;
        }
    }

    private Place place(Session session, OwnerId owner, Requests.Created created) {
        String name = created.path().substring(paths.lock().length() + 1);
        ContenderNode node = ContenderNode.parse(name)
                .filter(ours -> created.stat().getEphemeralOwner() == session.id())
                .orElseThrow(() -> new IllegalStateException("zookeeper made '" + name + "' for session "
                        + Long.toHexString(created.stat().getEphemeralOwner()) + ", and we asked as "
                        + Long.toHexString(session.id())));
        return new Place(session, owner, node, created.path(), created.stat().getCtime(), System.nanoTime());
    }

    /** Nobody waits for the reply any more, but should it come, the node is not wanted. */
    private void leaveLater(CompletableFuture<Requests.Created> create) {
        create.thenAccept(created -> parts.leaver().leave(created.path()));
    }

    /** Makes what is missing above the contenders; that another client does so too is fine. Does not wait. */
    private List<CompletableFuture<Requests.Created>> makeParents(Session session) {
        var made = new ArrayList<CompletableFuture<Requests.Created>>();
        for (String path : paths.chain()) {
            made.add(session.requests().create(path, NOTHING, acl(), parentMode()));
        }
        return made;
    }

    private void requireMade(Call call, List<CompletableFuture<Requests.Created>> made) throws InterruptedException {
        KeeperException first = null;
        KeeperException last = null;
        for (CompletableFuture<Requests.Created> each : made) {
            last = null;
            try {
                call.await(each);
            } catch (KeeperException.NodeExistsException fine) {
                // somebody made it before us
            } catch (KeeperException said) {
                last = said;
                first = first == null ? said : first;
            }
        }
        // of those above, one may be refused because it is there already, and may not be looked at
        if (last != null && first != null) {
            throw parts.errors().failed(call, first);
        }
    }

    private CreateMode parentMode() {
        return switch (parts.options().parents()) {
            case CONTAINER -> CreateMode.CONTAINER;
            case PERSISTENT -> CreateMode.PERSISTENT;
        };
    }

    private List<ACL> acl() {
        return switch (parts.options().acl()) {
            case OPEN -> List.of(new ACL(Perms.ALL, new Id("world", "anyone")));
            case CREATOR -> List.of(new ACL(Perms.ALL, new Id("auth", "")));
        };
    }
}
