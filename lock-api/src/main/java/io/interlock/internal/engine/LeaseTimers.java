// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Registration;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two timers of one lease: when to renew it, and when its validity should be used up. They also watch whether the
 * application still has the lease in hand. Thread-safe; belongs to one lease and dies with it.
 */
final class LeaseTimers {
    private static final Logger log = LoggerFactory.getLogger(LeaseTimers.class);
    private static final long FIRST_RETRY = Duration.ofMillis(100).toNanos();
    private static final long MAX_RETRY = Duration.ofSeconds(1).toNanos();
    private static final Registration NONE = () -> {};

    private final EngineClient client;
    private final HeldLease lease;
    private final AtomicReference<Registration> renewal = new AtomicReference<>(NONE);
    private final AtomicReference<Registration> expiry = new AtomicReference<>(NONE);
    private volatile @Nullable WeakReference<EngineLease> handle;
    private final AtomicBoolean leaked = new AtomicBoolean();
    private volatile long retry = FIRST_RETRY;

    LeaseTimers(EngineClient client, HeldLease lease) {
        this.client = client;
        this.lease = lease;
    }

    void begin(EngineLease handle, long askedAt) {
        this.handle = new WeakReference<>(handle);
        watchValidity();
        renewAgain(askedAt);
    }

    /** Sets the timer that looks at the validity again when it should be used up. */
    void watchValidity() {
        set(expiry, lease::checkValidity, lease.remainingNanos());
    }

    /** Sets the timer for the renewal that follows one sent at the given time. */
    void renewAgain(long sent) {
        retry = FIRST_RETRY;
        if (lease.renewsItself()) {
            long age = client.runtime().nanoTime() - sent;
            set(renewal, () -> client.renewer().due(lease), Math.max(0, interval() - age));
        }
    }

    /** Sets the timer for another try: soon, later each time, and never later than the next renewal would have been. */
    void retryRenewal() {
        if (lease.renewsItself()) {
            long delay = Math.min(client.runtime().jittered(retry), interval() / 2);
            retry = Math.min(2 * retry, MAX_RETRY);
            set(renewal, () -> client.renewer().due(lease), delay);
        }
    }

    /** Renews at once: the clock jumped. */
    void renewNow() {
        set(renewal, () -> client.renewer().due(lease), 0);
    }

    /** Whether the application has dropped the lease without releasing it; reports that once. */
    boolean noticeLeak() {
        WeakReference<EngineLease> hand = handle;
        if (hand != null && hand.refersTo(null) && !lease.isOver() && leaked.compareAndSet(false, true)) {
            lease.freezeValidity();
            String place = lease.acquisition().callSite().toString();
            log.warn(
                    "lease of lock '{}' was garbage-collected unreleased; acquired at {}. It is given back at the end"
                            + " of its validity",
                    lease.lockName(),
                    place);
            client.events().tell(listener -> listener.leaked(lease.lockName(), place));
        }
        return leaked.get();
    }

    /** Drops the reference to the application's side, as the garbage collector would. For tests. */
    void forgetHandle() {
        WeakReference<EngineLease> hand = handle;
        if (hand != null) {
            hand.clear();
        }
    }

    void cancel() {
        renewal.getAndSet(NONE).close();
        expiry.getAndSet(NONE).close();
    }

    /** As the backend says, but never so late that no second try would fit. */
    private long interval() {
        long wanted = client.backend().renewalInterval(lease.leaseTime()).toNanos();
        return Math.max(1, Math.min(wanted, lease.leaseTime().toNanos() / 2));
    }

    private void set(AtomicReference<Registration> timer, Runnable task, long delay) {
        timer.getAndSet(client.runtime().time().schedule(task, delay)).close();
        if (lease.isOver()) {
            cancel(); // it ended while we were setting the timer
        }
    }
}
