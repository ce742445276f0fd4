// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.history.HistoryEvent.Kind;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease whose calls and whose loss are recorded. Thread-safe. */
public final class RecordedLease implements AutoCloseable {
    private final HistoryRecorder recorder;
    private final String process;
    private final OptionalLong grant;
    private final OptionalLong token;
    private final Lease lease;
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();

    RecordedLease(HistoryRecorder recorder, String process, long grant, OptionalLong token, Lease lease) {
        this.recorder = recorder;
        this.process = process;
        this.grant = OptionalLong.of(grant);
        this.token = token;
        this.lease = lease;
        lease.onStateChange(this::changed);
    }

    /** {@return the lease itself; what is called on it directly is not recorded} */
    public Lease lease() {
        return lease;
    }

    /** {@return the fencing token; empty if the backend has none} */
    public OptionalLong token() {
        return token;
    }

    /** {@return the {@link Op#id} of the acquisition} */
    public long grant() {
        return grant.getAsLong();
    }

    /**
     * Looks whether the holder may still rely on the lease, and records until when. Of a lease that is renewed in the
     * background the history knows nothing else, so call it now and then.
     *
     * @return whether it is held
     */
    public boolean observe() {
        OptionalLong until = claim(lease);
        if (until.isPresent()) {
            recorder.mark(process, Kind.CLAIM, lease.lockName(), grant, token, until, "");
        }
        return until.isPresent();
    }

    /**
     * Asks for a new full lease.
     *
     * @param time the new lease time
     * @return true if renewed
     */
    public boolean renew(Duration time) {
        Op op = recorder.invoke(process, Kind.EXTEND, lease.lockName(), grant, token, time.toMillis() + " ms");
        long asked = System.nanoTime();
        try {
            boolean renewed = lease.renew(time);
            if (renewed) {
                op.ok(token, OptionalLong.of(claim(lease).orElse(asked)));
            } else {
                op.fail("over");
            }
            return renewed;
        } catch (LockBackendException unanswered) {
            op.info(unanswered.toString(), claim(lease)); // what is still sure, should it have been a shortening
            throw unanswered;
        } catch (Throwable thrown) {
            op.threw(thrown);
            throw thrown;
        }
    }

    /**
     * Gives the lock back. Only the first call is recorded: a second one answers as the first and asks nobody.
     *
     * @return what the store said
     */
    public ReleaseOutcome release() {
        if (released.getAndSet(true)) {
            return lease.release();
        }
        OptionalLong until = claim(lease);
        Op op = recorder.invoke(process, Kind.RELEASE, lease.lockName(), grant, token, until, "");
        try {
            ReleaseOutcome outcome = lease.release();
            noticeLoss(); // its listener may come later than this answer, which the loss explains
            switch (outcome) {
                case RELEASED -> op.ok();
                case NOT_HELD -> op.fail("not held");
                case UNKNOWN -> op.info("no answer");
            }
            return outcome;
        } catch (Throwable thrown) {
            op.info(thrown.toString());
            throw thrown;
        }
    }

    /** Does {@link #release}. */
    @Override
    public void close() {
        release();
    }

    /** Until when the holder may rely on a lease; empty if it may not. */
    static OptionalLong claim(Lease lease) {
        long now = System.nanoTime(); // first: an end that is claimed too early is harmless
        long left = lease.remaining().toNanos();
        return left > 0 ? OptionalLong.of(now + left) : OptionalLong.empty();
    }

    private void noticeLoss() {
        if (lease.state() == LeaseState.LOST) {
            lost("");
        }
    }

    private void changed(LeaseStateChange change) {
        if (change.state() == LeaseState.LOST) {
            lost(change.reason().map(Enum::name).orElse(""));
        }
    }

    private void lost(String reason) {
        if (!lost.getAndSet(true)) {
            recorder.mark(process, Kind.LOST, lease.lockName(), grant, token, OptionalLong.empty(), reason);
        }
    }
}
