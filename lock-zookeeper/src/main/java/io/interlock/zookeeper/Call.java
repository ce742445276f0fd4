// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException;

/**
 * One call to the store and the time that is left of it. Immutable.
 *
 * <p>Counted in real time and not on the engine's clock; validity is never taken from it.
 *
 * @param what what is being done, for messages
 * @param timeout the bound of the whole call, all round trips
 * @param endNanos when it is over, on {@link System#nanoTime}
 */
record Call(String what, Duration timeout, long endNanos) {
    static Call begin(String what, Duration timeout) {
        return new Call(what, timeout, System.nanoTime() + timeout.toNanos());
    }

    /**
     * Waits for a reply.
     *
     * @throws KeeperException what the store said instead, or an {@link KeeperException.OperationTimeoutException} of our
     *     own making when the call's time is over
     */
    <T> T await(CompletableFuture<T> reply) throws InterruptedException, KeeperException {
        try {
            return reply.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException unanswered) {
            throw new KeeperException.OperationTimeoutException();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof KeeperException said) {
                throw said;
            }
            throw new IllegalStateException(what + " failed", failed.getCause());
        }
    }
}
