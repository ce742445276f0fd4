// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.util.ArrayList;
import java.util.List;

/** The waiters of one channel, and what the present connection knows of it. Guarded by the lock of {@link WakeUps}. */
final class Channel {
    private final List<Waiter> waiters = new ArrayList<>();
    private boolean sent;
    private boolean live;

    void add(Waiter waiter) {
        waiters.add(waiter);
    }

    /** Whether this was the last one. */
    boolean remove(Waiter waiter) {
        return waiters.remove(waiter) && waiters.isEmpty();
    }

    List<Waiter> waiters() {
        return List.copyOf(waiters);
    }

    /** Whether anybody waits; if not, the server is still to be told. */
    boolean isWanted() {
        return !waiters.isEmpty();
    }

    /** Whether the server was asked for it, or is just being asked, on the present connection. */
    boolean isSent() {
        return sent;
    }

    void sent() {
        sent = true;
    }

    /** Whether the server confirmed the subscription on the present connection. */
    boolean isLive() {
        return live;
    }

    void live() {
        live = true;
    }

    /** The connection is gone, and what was sent on it. */
    void dead() {
        sent = false;
        live = false;
    }
}
