// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps whose callers want an outcome and never an exception: a failing store is "unknown". */
final class Unanswered {
    private static final Logger LOG = LoggerFactory.getLogger(Unanswered.class);

    private Unanswered() {}

    /** One step at the store. */
    interface Step<T> {
        T run() throws InterruptedException;
    }

    static <T> T orElse(T unknown, Step<T> step) {
        try {
            return step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown;
        } catch (LockBackendException e) {
            LOG.debug("outcome unknown", e);
            return unknown;
        }
    }

    /** For questions, whose callers do want the exception. */
    static <T> T orThrow(String what, Step<T> step) {
        try {
            return step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LockBackendException("interrupted: " + what, e, true);
        }
    }
}
