// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import java.time.Duration;
import java.util.Optional;

/** The server's answer to an attempt. Immutable. */
sealed interface Acquisition {
    /**
     * Ours.
     *
     * @param token the first of the block; 0 if the variant numbers nothing
     */
    record Granted(long token) implements Acquisition {}

    /**
     * Another's.
     *
     * @param left when the grant ends unless renewed, if the server told
     * @param holder who holds it, if the server told
     */
    record Held(Optional<Duration> left, Optional<HolderInfo> holder) implements Acquisition {}
}
