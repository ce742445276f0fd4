// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LockView;
import io.interlock.LossReason;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Reentrancy, kept where it can't be wrong: in a thread local of this view. A thread that dies takes its holds with it,
 * and its lease then counts as leaked; a later thread of the same id or name is not its heir. Thread-safe.
 */
final class ThreadBoundView implements LockView {
    private final EngineLock lock;

    @SuppressWarnings("ThreadLocalUsage") // one a view on purpose: two views are two owners; removed at the last unlock
    private final ThreadLocal<@Nullable Hold> holds = new ThreadLocal<>();

    private static final class Hold {
        private final Lease lease;
        private int count = 1;

        private Hold(Lease lease) {
            this.lease = lease;
        }
    }

    ThreadBoundView(EngineLock lock) {
        this.lock = lock;
    }

    @Override
    public void lock() {
        if (!enterAgain()) {
            holds.set(new Hold(lock.acquireUninterruptibly()));
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        requireNotInterrupted();
        if (!enterAgain()) {
            holds.set(new Hold(lock.acquire()));
        }
    }

    @Override
    public boolean tryLock() {
        return enterAgain() || take(lock.tryAcquire());
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        Objects.requireNonNull(unit, "unit");
        requireNotInterrupted();
        return enterAgain() || take(lock.tryAcquire(Duration.ofNanos(Math.max(0, unit.toNanos(time)))));
    }

    @Override
    public void unlock() {
        Hold hold = mine();
        if (hold == null) {
            throw new IllegalMonitorStateException("thread "
                    + Thread.currentThread().getName() + " does not hold this view of lock '" + lock.name() + "'");
        }
        if (--hold.count > 0) {
            return;
        }
        holds.remove();
        var outcome = hold.lease.release();
        Optional<LossReason> loss = ((EngineLease) hold.lease).held().lossDuring(outcome);
        if (loss.isPresent()) {
            throw new LeaseLostException(lock.name(), loss.get());
        }
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("a distributed lock has no conditions");
    }

    @Override
    public int getHoldCount() {
        Hold hold = mine();
        return hold == null ? 0 : hold.count;
    }

    @Override
    public boolean isHeldByCurrentThread() {
        Hold hold = mine();
        return hold != null && hold.lease.isHeld();
    }

    /** The calling thread's hold; asking leaves no entry behind in a thread that has none. */
    private @Nullable Hold mine() {
        Hold hold = holds.get();
        if (hold == null) {
            holds.remove();
        }
        return hold;
    }

    /** One more hold, if the thread has one and the lease still stands. */
    private boolean enterAgain() {
        Hold hold = mine();
        if (hold == null) {
            return false;
        }
        hold.lease.ensureHeld();
        if (hold.count == Integer.MAX_VALUE) {
            throw new IllegalStateException("too many holds of lock '" + lock.name() + "'");
        }
        hold.count++;
        return true;
    }

    private boolean take(Optional<Lease> lease) {
        lease.ifPresent(granted -> holds.set(new Hold(granted)));
        return lease.isPresent();
    }

    private void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before asking for lock '" + lock.name() + "'");
        }
    }
}
