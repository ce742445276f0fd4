// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Registration;
import java.time.Instant;

/** The engine's clocks and its timer; a manual one drives the engine's tests. Thread-safe. */
interface Time {
    /** The clock of validity: runs on while the machine is suspended. Starts near zero. */
    long nanoTime();

    /** The clock of waits and timers. Starts near zero. */
    long monotonicNanos();

    /** The time of day, for people only. */
    Instant now();

    /** Runs a task once on the timer's thread, which it must not hold up. */
    Registration schedule(Runnable task, long delayNanos);

    /** Waits for the signal, at most until the deadline on the monotonic clock. */
    void await(Signal signal, long deadline) throws InterruptedException;

    /** Sets what to do when the clock of validity ran ahead of the monotonic one: validities need a fresh look. */
    void onJump(Runnable action);

    void close();
}
