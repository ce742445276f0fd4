// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Guards what nodes' answers are counted in, and lets one thread wait for the decision. Thread-safe.
 *
 * <p>Waits in real time and not on the engine's clock, as calls to the store do.
 */
final class RedlockAnswers {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Counts an answer. */
    void take(Runnable answer) {
        read(() -> {
            answer.run();
            changed.signalAll();
            return true;
        });
    }

    /** Counts an answer, and tells what follows. */
    <T> T taken(Supplier<T> answer) {
        return read(() -> {
            T consequence = answer.get();
            changed.signalAll();
            return consequence;
        });
    }

    <T> T read(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the decision, or until the time is over. */
    void await(BooleanSupplier decided, Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (left > 0 && !decided.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
