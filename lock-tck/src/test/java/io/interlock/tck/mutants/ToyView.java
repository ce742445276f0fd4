// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LockView;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A view that keeps the rules by simple means, and has places where a mutant can break them. */
class ToyView implements LockView {
    final DistributedLock lock;
    volatile @Nullable Hold hold; // of whoever was granted last; only he changes it

    /** Who holds, and how often. */
    static final class Hold {
        volatile Lease lease;
        final Thread owner = Thread.currentThread();
        volatile int count = 1;

        Hold(Lease lease) {
            this.lease = lease;
        }
    }

    ToyView(DistributedLock lock) {
        this.lock = lock;
    }

    boolean isOwner(Hold present) {
        return present.owner == Thread.currentThread();
    }

    final @Nullable Hold mine() {
        Hold present = hold;
        return present != null && isOwner(present) ? present : null;
    }

    /** One more hold of a thread that has one. */
    boolean enterAgain() {
        Hold mine = mine();
        if (mine == null) {
            return false;
        }
        nested(mine);
        return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the thread that has the hold alone
    void nested(Hold mine) {
        mine.lease.ensureHeld();
        mine.count++;
    }

    void refused() {}

    void partlyReleased(Hold mine) {}

    void unlockOfNothing() {
        throw new IllegalMonitorStateException("not yours");
    }

    /** The holds that are left after an unlock. */
    int left(Hold mine) {
        return mine.count - 1;
    }

    void interrupted() throws InterruptedException {
        throw new InterruptedException();
    }

    @Override
    public void lock() {
        boolean interrupted = false;
        while (!enterAgain()) {
            try {
                hold = new Hold(lock.acquire());
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) {
            interrupted();
        }
        if (!enterAgain()) {
            hold = new Hold(lock.acquire());
        }
    }

    @Override
    public boolean tryLock() {
        return enterAgain() || take(lock.tryAcquire());
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            interrupted();
        }
        return enterAgain() || take(lock.tryAcquire(Duration.ofNanos(Math.max(0, unit.toNanos(time)))));
    }

    private boolean take(Optional<Lease> lease) {
        lease.ifPresentOrElse(granted -> hold = new Hold(granted), this::refused);
        return lease.isPresent();
    }

    @Override
    public void unlock() {
        Hold mine = mine();
        if (mine == null) {
            unlockOfNothing();
            return;
        }
        mine.count = left(mine);
        if (mine.count > 0) {
            partlyReleased(mine);
            return;
        }
        hold = null;
        boolean held = mine.lease.isHeld();
        if (mine.lease.release() != ReleaseOutcome.RELEASED || !held) {
            throw new LeaseLostException(lock.name(), LossReason.EXPIRED);
        }
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getHoldCount() {
        Hold mine = mine();
        return mine == null ? 0 : mine.count;
    }

    @Override
    public boolean isHeldByCurrentThread() {
        return getHoldCount() > 0 && Objects.requireNonNull(hold).lease.isHeld();
    }
}
