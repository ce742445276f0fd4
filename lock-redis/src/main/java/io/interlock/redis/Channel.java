// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.util.ArrayList;
import java.util.List;

/** The waiters of one channel. Guarded by the lock of {@link WakeUps}. */
final class Channel {
    private final List<Waiter> waiters = new ArrayList<>();
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

    /** Whether the server confirmed the subscription on the present connection. */
    boolean isLive() {
        return live;
    }

    void live() {
        live = true;
    }

    void dead() {
        live = false;
    }
}
