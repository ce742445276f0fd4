// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A call of the public API that waits for a lock; what it is granted is given back at once. Immutable.
 *
 * @param words how people call it
 * @param body waits, and gives back
 */
record WaitingCall(String words, Body body) {
    interface Body {
        void run(DistributedLock lock) throws InterruptedException;
    }

    /**
     * All calls that an interrupt ends.
     *
     * @param longest how long the timed ones wait
     */
    static List<WaitingCall> interruptible(Duration longest) {
        return List.of(
                new WaitingCall("acquire()", lock -> lock.acquire().release()),
                new WaitingCall("acquire(time)", lock -> lock.acquire(longest).release()),
                new WaitingCall(
                        "tryAcquire(time)",
                        lock -> lock.tryAcquire(longest)
                                .orElseThrow(WaitingCall::timeOut)
                                .release()),
                new WaitingCall("call(body)", lock -> lock.call(lease -> "")),
                new WaitingCall("lockInterruptibly()", lock -> {
                    lock.asLock().lockInterruptibly();
                    lock.asLock().unlock();
                }),
                new WaitingCall("tryLock(time)", lock -> {
                    if (!lock.asLock().tryLock(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                        throw timeOut();
                    }
                    lock.asLock().unlock();
                }));
    }

    private static AssertionError timeOut() {
        return new AssertionError("a timed wait ended by time, long before it was over");
    }

    /** As text, without the word that no verdict should need: what something threw. */
    static String told(Throwable thrown) {
        return thrown.getClass().getSimpleName().replace("Exception", "") + ": " + thrown.getMessage();
    }

    @Override
    public String toString() {
        return words;
    }
}
