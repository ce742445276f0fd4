// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.HolderInfo;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/** One acquisition, and its place in the queue, which it keeps between its attempts. */
final class ZooKeeperContender implements Contender {
    private static final int TRIES = 5;
    private static final Duration SOON = Duration.ofMillis(100);

    private final Parts parts;
    private final Queue queue;
    private final LockRequest request;
    private final Runnable wakeUp;
    private @Nullable Place place;
    private @Nullable PredecessorWatch watch;
    private Optional<HolderInfo> holder = Optional.empty(); // as the watch found it

    ZooKeeperContender(Parts parts, LockRequest request, Runnable wakeUp) {
        this.parts = parts;
        this.queue = parts.queue(request.name());
        this.request = request;
        this.wakeUp = wakeUp;
    }

    @Override
    public Attempt attempt(OwnerId owner) throws InterruptedException {
        Call call = Call.begin("acquire of lock '" + request.name() + "'", request.callTimeout());
        Session session = parts.sessions().current(call);
        try {
            if (place != null && place.session() != session) {
                leave(); // a node of a former session is never ours: that session's end may be on its way
            }
            boolean lockIsThere = true; // most are, and a create tells otherwise
            if (place == null && !request.waiting()) {
                Optional<Queue.View> view = queue.latest(call, session);
                if (view.isPresent() && !view.get().line().isEmpty()) {
                    return refused(SOON);
                }
                lockIsThere = view.isPresent();
            }
            return attempt(call, session, owner, lockIsThere);
        } catch (KeeperException said) {
            throw parts.errors().failed(call, said); // of a place that we know, and give up ourselves
        } catch (InterruptedException | RuntimeException ambiguous) {
            if (place != null && place.owner().equals(owner)) {
                leave(); // the engine undoes this id, and a place that is undone must not be granted
            }
            throw ambiguous;
        }
    }

    @Override
    public void close() {
        leave();
    }

    private Attempt attempt(Call call, Session session, OwnerId owner, boolean lockIsThere)
            throws InterruptedException, KeeperException {
        byte[] holderEntry = HolderEntry.encode(request.holder());
        Queue.View view = null;
        for (int tries = 0; tries < TRIES; tries++) {
            if (place == null) {
                Queue.Entered entered = queue.enter(call, session, owner, holderEntry, lockIsThere);
                place = entered.place();
                view = entered.view();
            } else if (view == null) {
                view = queue.view(call, session);
            }
            Optional<Attempt> end = judge(call, place, view);
            if (end.isPresent()) {
                return end.get();
            }
            view = null;
        }
        return refused(SOON); // others are quicker, again and again
    }

    /** Empty if there must be another look, or a new place. */
    private Optional<Attempt> judge(Call call, Place mine, Queue.View view)
            throws InterruptedException, KeeperException {
        int ahead = view.indexOf(mine);
        if (ahead < 0) { // deleted by somebody: to queue anew is fair to those behind
            unwatch();
            place = null;
            return Optional.empty();
        }
        if (ahead > 0) {
            return request.waiting() ? queueBehind(call, mine, view, ahead - 1) : stepBack(call, mine, view);
        }
        return grant(call, mine, view);
    }

    private Optional<Attempt> grant(Call call, Place mine, Queue.View view)
            throws InterruptedException, KeeperException {
        try {
            mine.session().awaitValidity(call);
        } catch (KeeperException.OperationTimeoutException unsure) {
            if (request.waiting()) {
                return Optional.of(refused(SOON)); // at the head of the queue, where we stay
            }
            throw parts.errors().unsure(call, unsure);
        }
        try {
            TokenRule.Verdict verdict = TokenRule.atGrant(fence(call, view), mine.sequence(), mine.ctimeMillis());
            if (verdict instanceof TokenRule.Verdict.Stale) {
                leave();
                return Optional.empty();
            }
            if (verdict instanceof TokenRule.Verdict.Raise raise) {
                int version = queue.raise(call, mine, raise.fence(), view.lock().getVersion());
                return Optional.of(granted(mine, raise.token(), version));
            }
            long token = ((TokenRule.Verdict.Ready) verdict).token();
            return Optional.of(granted(mine, token, view.lock().getVersion()));
        } catch (KeeperException.BadVersionException | KeeperException.NoNodeException changed) {
            return Optional.empty();
        }
    }

    private Attempt granted(Place mine, long token, int version) {
        unwatch();
        var grant = new ZooKeeperGrant(parts, queue, request, mine, token, version);
        mine.session().add(grant);
        place = null; // delivered: the grant's now
        return new Attempt.Granted(grant);
    }

    private Optional<Attempt> queueBehind(Call call, Place mine, Queue.View view, int index)
            throws InterruptedException, KeeperException {
        ContenderNode before = view.line().get(index);
        String path = queue.paths().child(before.name());
        PredecessorWatch standing = watch;
        if (standing == null || !standing.isSet() || !standing.path().equals(path)) {
            unwatch();
            var fresh = new PredecessorWatch(path, wakeUp);
            watch = fresh;
            Requests.Content content;
            try {
                content = queue.watch(call, mine.session(), fresh);
            } catch (KeeperException.NoNodeException gone) {
                watch = null; // left meanwhile: holder or waiter, only another look can tell
                return Optional.empty();
            } catch (KeeperException unanswered) {
                parts.errors().log(unanswered);
                unwatch();
                return Optional.of(refused(SOON)); // others are before us: that much the ensemble did say
            }
            holder = index == 0
                    ? Optional.of(HolderEntry.decode(content, view.lock(), view.tokenOf(before)))
                    : Optional.empty();
        }
        return Optional.of(refused(mine.session().timeout())); // woken before, but for what no watch tells
    }

    /**
     * Without a wait nobody queues. But who has become the first meanwhile must not go, and looks again: others would be
     * refused because of a node with which nobody has the lock.
     */
    private Optional<Attempt> stepBack(Call call, Place mine, Queue.View view) throws InterruptedException {
        try {
            call.await(queue.leaveBehind(mine, view.line().get(0)));
            place = null;
        } catch (KeeperException.NoNodeException gone) {
            return Optional.empty();
        } catch (KeeperException unanswered) {
            leave();
        } catch (InterruptedException e) {
            leave();
            throw e;
        }
        return Optional.of(refused(SOON));
    }

    private Attempt refused(Duration retryAfter) {
        return new Attempt.Refused(retryAfter, holder);
    }

    private Optional<Fence> fence(Call call, Queue.View view) {
        try {
            return Fence.parse(view.fenceText());
        } catch (IllegalArgumentException foreign) {
            String what = "the data of " + queue.paths().lock() + " is " + foreign.getMessage();
            throw parts.errors().broken(call, what, foreign);
        }
    }

    private void leave() {
        unwatch();
        Place mine = place;
        place = null;
        if (mine != null) {
            parts.leaver().leave(mine.path());
        }
    }

    private void unwatch() {
        PredecessorWatch standing = watch;
        Place mine = place;
        watch = null;
        holder = Optional.empty();
        if (standing != null
                && standing.isSet()
                && mine != null
                && mine.session().isConnected()) {
            standing.giveUp();
            mine.session().requests().unwatch(standing.path());
        }
    }
}
