// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The one place in the library that reads the wall clock: for display, for time-floored tokens, to notice a suspend. */
@WallClockAllowed
public final class WallClock {
    private WallClock() {}

    /** {@return the time of day, for people} */
    public static Instant now() {
        return Instant.now();
    }

    /** {@return microseconds since 1970} */
    public static long epochMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
