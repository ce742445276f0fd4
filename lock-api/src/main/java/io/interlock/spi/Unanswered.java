// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.LockBackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For backends whose steps at the store may be interrupted, or fail: what that is to a caller who wants an outcome, and
 * to one who wants an exception. Thread-safe.
 */
public final class Unanswered {
    private static final Logger LOG = LoggerFactory.getLogger(Unanswered.class);

    private Unanswered() {}

    /**
     * One step at the store.
     *
     * @param <T> what it gives
     */
    public interface Step<T> {
        /**
         * Does it.
         *
         * @return what the store said
         * @throws LockBackendException if the store does not answer, or refuses
         * @throws InterruptedException if the thread was interrupted
         */
        T run() throws InterruptedException;
    }

    /**
     * Does a step that may fail without being an error, such as a release. A failure is logged at debug; an
     * interruption stays on the thread.
     *
     * @param <T> what it gives
     * @param unknown what a failure gives
     * @param step what to do
     * @return what the step gave, or {@code unknown} if it failed or was interrupted
     */
    public static <T> T orElse(T unknown, Step<T> step) {
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

    /**
     * Does a step whose caller wants the exception, such as a question for the holder. An interruption stays on the
     * thread.
     *
     * @param <T> what it gives
     * @param what the step in words, for the message
     * @param step what to do
     * @return what the step gave
     * @throws LockBackendException if the step failed or was interrupted
     */
    public static <T> T orThrow(String what, Step<T> step) {
        try {
            return step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LockBackendException("interrupted: " + what, e, true);
        }
    }
}
