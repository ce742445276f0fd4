// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Capability;
import io.interlock.LeaseListener;
import io.interlock.LeaseLostException;
import io.interlock.LeaseState;
import io.interlock.LockBackendException;
import io.interlock.LockOptions;
import io.interlock.LossReason;
import io.interlock.Registration;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * The engine's side of one lease: validity, renewal, loss, release. What keeps it alive ends with it: its timers are
 * cancelled when its life is over, and a reply that comes later changes nothing. Thread-safe.
 */
final class HeldLease implements GrantListener {
    private final EngineClient client;
    private final Acquisition acquisition;
    private final Grant grant;
    private final LeaseLife life;
    private final LeaseTimers timers;
    private final LeaseValidity validity;
    private final long grantedAt;
    private final CompletableFuture<ReleaseOutcome> outcome = new CompletableFuture<>();
    private final Semaphore renewing = new Semaphore(1); // one at a time: answers must come in the order of requests
    private volatile Duration leaseTime;
    private volatile boolean renewalUnanswered;
    private volatile boolean validAtRelease; // written before the answer is there

    private HeldLease(EngineClient client, Acquisition acquisition, Grant grant, long askedAt) {
        this.client = client;
        this.acquisition = acquisition;
        this.grant = grant;
        life = new LeaseLife(lockName(), client.runtime().pools().callbacks(), client.events());
        timers = new LeaseTimers(client, this);
        grantedAt = client.runtime().nanoTime();
        leaseTime = acquisition.options().lease();
        boolean engineEnds = !renewsItself() && client.capabilities().contains(Capability.SESSION_BOUND);
        validity =
                new LeaseValidity(client.runtime(), grant, acquisition.options().maxHold(), engineEnds);
        validity.lasts(askedAt, leaseTime);
    }

    /** Begins the life of a granted lease; the application gets what this returns. */
    static EngineLease begin(EngineClient client, Acquisition acquisition, Grant grant, long askedAt) {
        var held = new HeldLease(client, acquisition, grant, askedAt);
        var handle = new EngineLease(held);
        client.held().add(held);
        try {
            held.timers.begin(handle, askedAt);
            grant.watch(held);
        } catch (RuntimeException | Error broken) { // a broken backend: nobody gets the lease, so nobody may keep it
            held.closeWithClient();
            throw broken;
        }
        return handle;
    }

    String lockName() {
        return acquisition.request().name();
    }

    Acquisition acquisition() {
        return acquisition;
    }

    Grant grant() {
        return grant;
    }

    Duration leaseTime() {
        return leaseTime;
    }

    boolean isOver() {
        return life.isOver();
    }

    boolean renewsItself() {
        return acquisition.options().renewal() == RenewalMode.AUTOMATIC;
    }

    /**
     * Called when a renewal's turn has come. A lease that ended or leaked wants none, nor does one that the application
     * is renewing just now; after a true, {@link #renewed} must follow.
     */
    boolean beginRenewal() {
        return !isOver() && !timers.noticeLeak() && renewing.tryAcquire();
    }

    long fencingToken() {
        client.require(Capability.FENCING, "fencingToken");
        return grant.fencingToken();
    }

    LeaseState state() {
        LeaseState state = life.state();
        return state == LeaseState.HELD && remainingNanos() == 0 ? LeaseState.SUSPECT : state;
    }

    boolean isHeld() {
        return !isOver() && remainingNanos() > 0;
    }

    Duration remaining() {
        return isOver() ? Duration.ZERO : Duration.ofNanos(remainingNanos());
    }

    /** On the clock of validity; zero when used up. */
    long remainingNanos() {
        return validity.remainingNanos();
    }

    void ensureHeld() {
        if (life.state() == LeaseState.RELEASED) {
            throw new IllegalStateException("lease of lock '" + lockName() + "' was released");
        }
        if (!isHeld()) {
            throw new LeaseLostException(lockName(), life.lossReason().orElseGet(this::reasonOfExpiry));
        }
    }

    Registration onStateChange(LeaseListener listener) {
        return life.add(listener);
    }

    boolean renew(Duration lease) {
        client.require(Capability.EXTEND, "renew");
        LockOptions.requireLease(lease);
        client.backend().requireLease(lease);
        renewing.acquireUninterruptibly();
        if (remainingNanos() == 0) {
            checkValidity();
        }
        if (isOver()) {
            renewing.release();
            return false;
        }
        long sent = client.runtime().nanoTime();
        if (lease.compareTo(leaseTime) < 0) {
            validity.mayBeShortened(sent, lease);
        }
        leaseTime = lease;
        validity.lasts(sent, lease);
        RenewOutcome answer = Interrupts.aside(
                () -> GrantCalls.renew(grant, lease, lockName()), outcome -> outcome == RenewOutcome.UNKNOWN);
        renewed(answer, sent);
        if (answer == RenewOutcome.UNKNOWN && !isOver()) {
            throw new LockBackendException(
                    "no answer to the renewal of lock '" + lockName() + "'; it is held for another "
                            + remaining().toMillis() + " ms unless a later renewal succeeds",
                    null,
                    true);
        }
        return answer == RenewOutcome.RENEWED && !isOver();
    }

    /** Takes in the store's answer to a renewal, the engine's or the application's. */
    void renewed(RenewOutcome answer, long sent) {
        renewalUnanswered = answer == RenewOutcome.UNKNOWN;
        if (answer == RenewOutcome.RENEWED) {
            validity.confirmed();
        }
        renewing.release(); // not before: the next renewal may be a shortening, which this answer knows nothing of
        switch (answer) {
            case RENEWED -> {
                life.recover();
                timers.renewAgain(sent);
                timers.watchValidity();
            }
            case LOST -> lost(remainingNanos() == 0 ? LossReason.EXPIRED : LossReason.DELETED);
            case UNKNOWN -> {
                life.suspect();
                timers.retryRenewal();
                timers.watchValidity();
            }
        }
    }

    @Override
    public void suspended() {
        life.suspect();
    }

    @Override
    public void resumed() {
        life.recover();
    }

    @Override
    public void lost(LossReason reason) {
        if (life.lose(reason)) {
            if (reason == LossReason.QUORUM_LOST) {
                client.undoer().giveBack(acquisition.request(), grant.owner()); // a minority still has it
            }
            end();
        }
    }

    /** Called when the validity should be used up; a renewal may have moved its end meanwhile. */
    void checkValidity() {
        if (isOver()) {
            return;
        }
        if (remainingNanos() > 0) {
            timers.watchValidity();
            return;
        }
        timers.noticeLeak();
        if (life.lose(reasonOfExpiry())) {
            // the store may hold the entry a little longer than we dared to rely on it; nobody needs to wait for that
            client.undoer().giveBack(acquisition.request(), grant.owner());
            end();
        }
    }

    ReleaseOutcome release() {
        boolean valid = remainingNanos() > 0;
        if (!life.release()) {
            // over before: by a loss, or by another release whose answer is on its way
            return life.state() == LeaseState.LOST ? ReleaseOutcome.NOT_HELD : Interrupts.aside(outcome::join);
        }
        validAtRelease = valid;
        giveBack();
        ReleaseOutcome answer = outcome.join();
        Duration held = Duration.ofNanos(client.runtime().nanoTime() - grantedAt);
        client.events().tell(listener -> listener.released(lockName(), held, answer));
        return answer;
    }

    /** Ends the lease because its client closes: told as a loss, and given back. */
    void closeWithClient() {
        if (life.lose(LossReason.CLOSED)) {
            giveBack();
        }
    }

    /** As {@link #closeWithClient} without the store, which did not answer in time. */
    void tellClosed() {
        life.lose(LossReason.CLOSED);
    }

    /** The clock of validity jumped: ask the store at once whether the lease still stands, or look whether it can. */
    void clockJumped() {
        if (renewsItself()) {
            timers.renewNow();
        } else {
            timers.watchValidity();
        }
    }

    /** A leaked lease ends with the validity that it has, even if a session that others keep alive would prolong it. */
    void freezeValidity() {
        validity.freeze();
    }

    /** Drops the reference to the application's side, as the garbage collector would. For tests. */
    void forgetHandle() {
        timers.forgetHandle();
    }

    /** Whether the work was protected to the end; for {@link io.interlock.DistributedLock#call}, after its release. */
    Optional<LossReason> lossDuring(ReleaseOutcome answer) {
        return life.lossReason().or(() -> GrantCalls.lossSeenAtRelease(validAtRelease, answer));
    }

    private void giveBack() {
        timers.cancel();
        ReleaseOutcome answer = Interrupts.aside(() -> GrantCalls.release(grant, lockName()));
        if (answer == ReleaseOutcome.UNKNOWN) {
            client.undoer().giveBack(acquisition.request(), grant.owner());
        }
        outcome.complete(answer);
        end();
    }

    private void end() {
        timers.cancel();
        client.held().remove(this);
        client.gates().wakeFront(lockName());
    }

    private LossReason reasonOfExpiry() {
        if (validity.isHoldOver()) {
            return LossReason.MAX_HOLD;
        }
        return renewalUnanswered ? GrantCalls.reasonOfSilence(client.capabilities()) : LossReason.EXPIRED;
    }
}
