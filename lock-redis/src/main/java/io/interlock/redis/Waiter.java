// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One contender that waits for a message. Has its identity, so that the same wake-up may wait twice. */
final class Waiter {
    private static final Logger LOG = LoggerFactory.getLogger(Waiter.class);

    private final Runnable wakeUp;

    Waiter(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Never throws: it would end the thread that reads for everybody. */
    void wake() {
        try {
            wakeUp.run();
        } catch (Throwable e) {
            LOG.warn("a wake-up failed", e);
        }
    }
}
