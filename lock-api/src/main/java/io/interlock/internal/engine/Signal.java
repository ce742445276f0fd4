// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A sticky wake-up: raised once or often, it ends one park, be that before or after the park begins. Thread-safe;
 * raising never blocks.
 */
final class Signal {
    private final Semaphore raised = new Semaphore(0);
    private final Runnable onRaise;

    /** For a thread that parks. */
    Signal() {
        this(() -> {});
    }

    /** For a continuation that is to be resumed. */
    Signal(Runnable onRaise) {
        this.onRaise = onRaise;
    }

    void raise() {
        if (raised.availablePermits() == 0) {
            raised.release();
        }
        onRaise.run();
    }

    /** Forgets earlier raises. Call before looking at what the signal is about, never after. */
    void clear() {
        raised.drainPermits();
    }

    boolean isRaised() {
        return raised.availablePermits() > 0;
    }

    void await(long nanos) throws InterruptedException {
        if (raised.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            raised.release(); // stays raised until cleared
        }
    }
}
