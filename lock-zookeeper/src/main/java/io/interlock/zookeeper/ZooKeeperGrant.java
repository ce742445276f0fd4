// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** A granted lease: a node at the head of the queue, which lives and ends with its session. Thread-safe. */
final class ZooKeeperGrant implements Grant {
    private final Parts parts;
    private final Queue queue;
    private final LockRequest request;
    private final Place place;
    private final long token;
    private final int lockVersion;
    private final ReentrantLock telling = new ReentrantLock(); // keeps what the listener hears in order
    private @Nullable GrantListener listener; // guarded by telling
    private @Nullable LossReason loss; // guarded by telling
    private boolean suspended; // guarded by telling
    private volatile boolean over; // released or lost
    private volatile long seenAt; // when we knew that the node was there

    /**
     * A new grant.
     *
     * @param lockVersion of the lock's node, which nobody else changes as long as we hold
     */
    ZooKeeperGrant(Parts parts, Queue queue, LockRequest request, Place place, long token, int lockVersion) {
        this.parts = parts;
        this.queue = queue;
        this.request = request;
        this.place = place;
        this.token = token;
        this.lockVersion = lockVersion;
        seenAt = parts.context().nanoTime();
    }

    @Override
    public OwnerId owner() {
        return place.owner();
    }

    @Override
    public long fencingToken() {
        return token;
    }

    @Override
    public long validUntil() {
        return place.session().validUntil();
    }

    @Override
    public RenewOutcome renew(Duration lease) {
        return Renewals.renew(parts, List.of(this)).getOrDefault(this, RenewOutcome.UNKNOWN);
    }

    @Override
    public ReleaseOutcome release() {
        over = true;
        Session session = place.session();
        session.remove(this);
        if (!session.isConnected()) {
            return unanswered();
        }
        Call call = Call.begin("release of lock '" + request.name() + "'", request.callTimeout());
        Fence fence = TokenRule.atRelease(token, place.sequence(), ensembleMicros());
        try {
            try {
                call.await(queue.leave(session, place.path(), fence, lockVersion));
            } catch (KeeperException.BadVersionException changedByHand) {
                call.await(session.requests().delete(place.path()));
            }
            return ReleaseOutcome.RELEASED;
        } catch (KeeperException.NoNodeException gone) {
            return ReleaseOutcome.NOT_HELD;
        } catch (KeeperException said) {
            parts.errors().log(said);
            return unanswered();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unanswered();
        }
    }

    /** The engine's undo does the same, but ends with its client; the session need not. */
    private ReleaseOutcome unanswered() {
        parts.leaver().leave(place.path());
        return ReleaseOutcome.UNKNOWN;
    }

    @Override
    public void watch(GrantListener listener) {
        telling.lock();
        try {
            this.listener = listener;
            if (loss != null) {
                listener.lost(loss);
            } else if (suspended) {
                listener.suspended();
            }
        } finally {
            telling.unlock();
        }
    }

    Session session() {
        return place.session();
    }

    LockRequest request() {
        return request;
    }

    /** Whether the node is there. */
    CompletableFuture<Stat> stat() {
        return place.session().requests().stat(place.path());
    }

    /** Looks whether the node is still there, unless that is known of late. Does not wait. */
    void look(Duration often) {
        boolean lately = parts.context().nanoTime() - seenAt < often.toNanos();
        if (!lately || isSuspended()) {
            stat().whenComplete((stat, failure) -> {
                if (failure == null) {
                    seen(stat);
                } else {
                    notSeen(failure).thenAccept(reason -> reason.ifPresent(this::lost));
                }
            });
        }
    }

    /** The connection is in doubt. */
    void suspended() {
        telling.lock();
        try {
            if (!over && !suspended) {
                suspended = true;
                if (listener != null) {
                    listener.suspended();
                }
            }
        } finally {
            telling.unlock();
        }
    }

    /** It is gone, unless it was given back by ourselves. */
    void lost(LossReason reason) {
        place.session().remove(this);
        telling.lock();
        try {
            if (!over) {
                over = true;
                loss = reason;
                if (listener != null) {
                    listener.lost(reason);
                }
                if (reason == LossReason.SESSION_LOST) {
                    // we may have given the session up before the ensemble did, and then the node stands in the way
                    parts.leaver().leave(place.path());
                }
            }
        } finally {
            telling.unlock();
        }
    }

    /** Whether what is there is ours: a path is used once, so anything else was put there by hand. */
    boolean seen(Stat stat) {
        if (stat.getEphemeralOwner() != place.session().id()) {
            lost(LossReason.TAKEN);
            return false;
        }
        seenAt = parts.context().nanoTime();
        telling.lock();
        try {
            if (!over && suspended) {
                suspended = false;
                if (listener != null) {
                    listener.resumed();
                }
            }
        } finally {
            telling.unlock();
        }
        return true;
    }

    /** Why the grant is gone, if it is: the node's absence alone does not say who ended it, and who came then. */
    CompletableFuture<Optional<LossReason>> notSeen(Throwable failure) {
        if (failure instanceof KeeperException.SessionExpiredException) {
            return CompletableFuture.completedFuture(Optional.of(LossReason.SESSION_LOST));
        }
        if (!(failure instanceof KeeperException.NoNodeException)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        var children = place.session().requests().children(queue.paths().lock());
        var content = place.session().requests().content(queue.paths().lock(), null);
        return content.thenCombine(children, (lock, names) -> Optional.of(reason(lock.data(), names)))
                .exceptionally(unread -> Optional.of(LossReason.DELETED));
    }

    private LossReason reason(String fenceText, List<String> names) {
        if (isForced(fenceText)) {
            return LossReason.FORCED;
        }
        return ContenderNode.inLine(names).isEmpty() ? LossReason.DELETED : LossReason.TAKEN;
    }

    private boolean isForced(String fenceText) {
        try {
            return Fence.parse(fenceText)
                    .filter(fence -> TokenRule.wasForced(fence, token, place.sequence()))
                    .isPresent();
        } catch (IllegalArgumentException foreign) {
            return false;
        }
    }

    private boolean isSuspended() {
        telling.lock();
        try {
            return suspended;
        } finally {
            telling.unlock();
        }
    }

    /**
     * The ensemble's clock, but rather behind it: when the node was made, by its clock, and by ours what has passed since
     * we knew, less what our clock may be too fast.
     */
    private long ensembleMicros() {
        long passed = System.nanoTime() - place.knownAt();
        return TimeUnit.MILLISECONDS.toMicros(place.ctimeMillis())
                + TimeUnit.NANOSECONDS.toMicros(passed - passed / 100);
    }
}
