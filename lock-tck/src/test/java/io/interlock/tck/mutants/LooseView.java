// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A view that belongs to no thread, and is not reentrant. */
class LooseView implements LockView {
    private final DistributedLock lock;
    private volatile Optional<Lease> lease = Optional.empty();

    LooseView(DistributedLock lock) {
        this.lock = lock;
    }

    @Override
    public void lock() {
        try {
            lockInterruptibly();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        lease = Optional.of(lock.acquire());
    }

    @Override
    public boolean tryLock() {
        Optional<Lease> taken = lock.tryAcquire();
        taken.ifPresent(granted -> lease = taken);
        return taken.isPresent();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        Optional<Lease> taken = lock.tryAcquire(Duration.ofNanos(Math.max(0, unit.toNanos(time))));
        taken.ifPresent(granted -> lease = taken);
        return taken.isPresent();
    }

    @Override
    public void unlock() {
        lease.orElseThrow(() -> new IllegalMonitorStateException("nobody holds this view"))
                .release();
        lease = Optional.empty();
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getHoldCount() {
        return lease.isPresent() ? 1 : 0;
    }

    @Override
    public boolean isHeldByCurrentThread() {
        return lease.isPresent();
    }
}
