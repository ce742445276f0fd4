// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Something done again and again while it says that there is reason to. Thread-safe. */
final class Heartbeat {
    private final BackendContext context;
    private final Duration every;
    private final BooleanSupplier pulse;
    private final AtomicBoolean beating = new AtomicBoolean();

    /** Does not beat before {@link #begin}; stops when the pulse answers false. */
    Heartbeat(BackendContext context, Duration every, BooleanSupplier pulse) {
        this.context = context;
        this.every = every;
        this.pulse = pulse;
    }

    /** Beats from now on, unless it does already. */
    void begin() {
        if (beating.compareAndSet(false, true)) {
            context.schedule(this::beat, every);
        }
    }

    private void beat() {
        // before the pulse: who comes just after it must not find a heart that is about to stop
        beating.set(false);
        if (pulse.getAsBoolean()) {
            begin();
        }
    }
}
