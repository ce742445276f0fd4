// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.HolderInfo;
import java.time.Duration;
import java.util.Optional;

/** The server's answer to an attempt. Immutable. */
sealed interface Acquisition {
    /** Others took the lock between our look and our statement, and may have given it back by now. */
    Acquisition LOST_RACE = new Held(Optional.empty(), Optional.empty());

    /**
     * Ours.
     *
     * @param token the first of the block
     */
    record Granted(long token) implements Acquisition {}

    /**
     * Another's.
     *
     * @param left when the grant ends unless renewed; empty if the race was lost
     * @param holder who holds it; empty if the race was lost
     */
    record Held(Optional<Duration> left, Optional<HolderInfo> holder) implements Acquisition {}
}
