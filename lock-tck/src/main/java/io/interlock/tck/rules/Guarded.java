// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the lock under test is to protect: it shows when two are inside at once, and loses count when it is not seen. */
final class Guarded {
    private final String lock;
    private final AtomicReference<@Nullable String> inside = new AtomicReference<>();
    private int count; // plain on purpose: nothing but the lock under test protects it

    Guarded(String lock) {
        this.lock = lock;
    }

    /** Enters, counts up with a pause between reading and writing, and leaves. */
    void use(String who, long pauseNanos) {
        String other = inside.compareAndExchange(null, who);
        if (other != null) {
            throw new AssertionError(
                    "lock '" + lock + "' was granted to " + who + " while " + other + " held it and was at work");
        }
        int before = count;
        LockSupport.parkNanos(pauseNanos);
        count = before + 1;
        if (!inside.compareAndSet(who, null)) {
            throw new AssertionError("lock '" + lock + "': somebody else was at work before " + who + " had ended");
        }
    }

    /** Demands that no use was lost; when everybody has ended. */
    void assertCounted(int uses) {
        if (count != uses) {
            throw new AssertionError("lock '" + lock + "' was held " + uses
                    + " times to count up by one, and the count is " + count + ": holders overlapped");
        }
    }
}
