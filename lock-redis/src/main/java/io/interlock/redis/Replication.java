// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;

/**
 * How many replicas must have a grant before it counts. Immutable.
 *
 * @param replicas how many; 0: nobody waits for any
 * @param timeout how long they have for it
 */
record Replication(int replicas, Duration timeout) {
    static final int MAX_REPLICAS = 100;

    boolean isWanted() {
        return replicas > 0;
    }

    /** For as long as the call lasts; zero would mean for ever. */
    Command await(StoreCall call) {
        long millis = Math.max(1, Durations.atMost(timeout, call.left()).toMillis());
        return Command.of("WAIT", Integer.toString(replicas), Long.toString(millis));
    }
}
