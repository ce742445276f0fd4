// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.LeaseListener;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LossReason;
import io.interlock.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lease's state machine, and those who listen to it: {@code HELD} and {@code SUSPECT} alternate until exactly one caller ends
 * it, as {@code LOST} with a reason or as {@code RELEASED}. Every listener is told every change once, in order.
 * Thread-safe; calls listeners on the executor only.
 */
final class LeaseLife {
    private final String lockName;
    private final Executor executor;
    private final Events events;
    private final ReentrantLock lock = new ReentrantLock(); // held for a few instructions, never while calling out
    private final List<SerialListener<LeaseListener>> listeners = new ArrayList<>(); // guarded by lock
    private volatile LeaseStateChange current; // written under lock

    LeaseLife(String lockName, Executor executor, Events events) {
        this.lockName = lockName;
        this.executor = executor;
        this.events = events;
        current = new LeaseStateChange(lockName, LeaseState.HELD, Optional.empty());
    }

    LeaseState state() {
        return current.state();
    }

    Optional<LossReason> lossReason() {
        return current.reason();
    }

    boolean isOver() {
        LeaseState state = state();
        return state == LeaseState.LOST || state == LeaseState.RELEASED;
    }

    /** To {@code SUSPECT}; true if it was {@code HELD}. */
    boolean suspect() {
        return move(LeaseState.SUSPECT, Optional.empty());
    }

    /** Back to {@code HELD}; true if it was {@code SUSPECT}. */
    boolean recover() {
        return move(LeaseState.HELD, Optional.empty());
    }

    /** To {@code LOST}; true for the one caller that ended the lease. */
    boolean lose(LossReason reason) {
        return move(LeaseState.LOST, Optional.of(reason));
    }

    /** To {@code RELEASED}; true for the one caller that ended the lease. */
    boolean release() {
        return move(LeaseState.RELEASED, Optional.empty());
    }

    Registration add(LeaseListener listener) {
        var added = new SerialListener<>(listener, executor);
        lock.lock();
        try {
            listeners.add(added);
            if (state() != LeaseState.HELD) {
                enqueue(added);
            }
        } finally {
            lock.unlock();
        }
        added.start();
        return () -> remove(added);
    }

    private boolean move(LeaseState target, Optional<LossReason> reason) {
        List<SerialListener<LeaseListener>> told;
        lock.lock();
        try {
            if (isOver() || state() == target) {
                return false;
            }
            current = new LeaseStateChange(lockName, target, reason);
            told = List.copyOf(listeners);
            told.forEach(this::enqueue); // under the lock, so that the order of calls is the order of changes
            tellClient(current);
        } finally {
            lock.unlock();
        }
        told.forEach(SerialListener::start);
        events.start();
        return true;
    }

    private void tellClient(LeaseStateChange change) {
        if (change.state() != LeaseState.RELEASED) { // which has an event of its own, with the store's answer
            events.add(listener -> listener.stateChanged(change));
        }
    }

    private void enqueue(SerialListener<LeaseListener> listener) {
        LeaseStateChange change = current;
        listener.add(l -> l.stateChanged(change));
    }

    private void remove(SerialListener<LeaseListener> listener) {
        lock.lock();
        try {
            listeners.remove(listener);
        } finally {
            lock.unlock();
        }
    }
}
