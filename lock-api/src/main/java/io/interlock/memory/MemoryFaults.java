// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.LockBackendException;
import io.interlock.Registration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a test made go wrong, and a count of calls. Thread-safe. */
final class MemoryFaults {
    private final AtomicInteger outages = new AtomicInteger();
    private final AtomicInteger delays = new AtomicInteger();
    private final AtomicBoolean loseReply = new AtomicBoolean();
    private final AtomicBoolean loseRequest = new AtomicBoolean();
    private final AtomicBoolean loseReleaseReply = new AtomicBoolean();
    private final AtomicLong commands = new AtomicLong();

    Registration outage() {
        return raised(outages);
    }

    Registration delayRenewals() {
        return raised(delays);
    }

    void loseNextReply() {
        loseReply.set(true);
    }

    void loseNextRequest() {
        loseRequest.set(true);
    }

    void loseNextReleaseReply() {
        loseReleaseReply.set(true);
    }

    long commandCount() {
        return commands.get();
    }

    /** Counts a call; fails if the store is "down". */
    void command() {
        commands.incrementAndGet();
        if (isDown()) {
            throw new LockBackendException("the memory store has an outage", null, false);
        }
    }

    boolean isDown() {
        return outages.get() > 0;
    }

    boolean renewalsDelayed() {
        return delays.get() > 0;
    }

    void maybeLoseRequest() {
        failIf(loseRequest, "the request was lost on its way to the memory store");
    }

    void maybeLoseReply() {
        failIf(loseReply, "the memory store's reply was lost");
    }

    boolean takeReleaseReply() {
        return loseReleaseReply.compareAndSet(true, false);
    }

    private static void failIf(AtomicBoolean fault, String message) {
        if (fault.compareAndSet(true, false)) {
            throw new LockBackendException(message, null, true);
        }
    }

    private static Registration raised(AtomicInteger count) {
        count.incrementAndGet();
        var once = new AtomicBoolean();
        return () -> {
            if (once.compareAndSet(false, true)) {
                count.decrementAndGet();
            }
        };
    }
}
