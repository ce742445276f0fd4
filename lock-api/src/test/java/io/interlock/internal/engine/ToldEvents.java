// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.LeaseStateChange;
import io.interlock.LockListener;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a client told its listener, in words. Thread-safe. */
final class ToldEvents implements LockListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    List<String> events() {
        return events;
    }

    @Override
    public void acquired(String lockName, Duration waited, int attempts) {
        events.add("acquired " + lockName + " " + waited.toMillis() + " " + attempts);
    }

    @Override
    public void notAcquired(String lockName, Duration waited, int attempts) {
        events.add("notAcquired " + lockName + " " + attempts);
    }

    @Override
    public void released(String lockName, Duration held, ReleaseOutcome outcome) {
        events.add("released " + lockName + " " + held.toMillis() + " " + outcome);
    }

    @Override
    public void stateChanged(LeaseStateChange change) {
        events.add(change.state() + change.reason().map(reason -> " " + reason).orElse(""));
    }

    @Override
    public void leaked(String lockName, String acquiredAt) {
        events.add("leaked " + lockName);
    }
}
