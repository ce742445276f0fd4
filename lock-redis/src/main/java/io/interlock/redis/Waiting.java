// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;

/** How a contender learns that it is time for another attempt. Confined to one thread at a time, as contenders are. */
interface Waiting extends AutoCloseable {
    /** When to try again after a refusal, unless woken before. */
    Duration afterRefusal(Acquisition.Held held);

    /** Leaves no subscription behind; does not wait for the store. */
    @Override
    void close();
}
