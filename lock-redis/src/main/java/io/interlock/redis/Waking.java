// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Registration;

/** Wakes who waits for a message of a channel. Thread-safe. */
interface Waking extends AutoCloseable {
    /**
     * Begins to wake a waiter: when its subscription is confirmed, because the release that it waits for may have been
     * published before; upon every message; and when a new connection has taken over from a broken one. Does not wait for
     * the server.
     */
    Registration subscribe(String channel, Runnable wakeUp);

    @Override
    void close();
}
