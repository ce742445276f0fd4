// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.LockView;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A view that hands everything on; subclasses break one thing. */
class ForwardingView implements LockView {
    final LockView next;

    ForwardingView(LockView next) {
        this.next = next;
    }

    @Override
    public void lock() {
        next.lock();
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        next.lockInterruptibly();
    }

    @Override
    public boolean tryLock() {
        return next.tryLock();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return next.tryLock(time, unit);
    }

    @Override
    public void unlock() {
        next.unlock();
    }

    @Override
    public Condition newCondition() {
        return next.newCondition();
    }

    @Override
    public int getHoldCount() {
        return next.getHoldCount();
    }

    @Override
    public boolean isHeldByCurrentThread() {
        return next.isHeldByCurrentThread();
    }
}
