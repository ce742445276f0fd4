// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.StoreInspector;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** An inspector that hands everything on. */
class ForwardingInspector implements StoreInspector {
    private final StoreInspector next;

    ForwardingInspector(StoreInspector next) {
        this.next = next;
    }

    @Override
    public int entries(String name) {
        return next.entries(name);
    }

    @Override
    public int counters(String name) {
        return next.counters(name);
    }

    @Override
    public OptionalInt waiters(String name) {
        return next.waiters(name);
    }

    @Override
    public Optional<Duration> timeToLive(String name) {
        return next.timeToLive(name);
    }

    @Override
    public Map<String, String> frozenKeys() {
        return next.frozenKeys();
    }

    @Override
    public boolean hasKey(String key) {
        return next.hasKey(key);
    }

    @Override
    public long commandCount() {
        return next.commandCount();
    }

    @Override
    public int connections() {
        return next.connections();
    }

    @Override
    public int subscriptions() {
        return next.subscriptions();
    }

    @Override
    public boolean steal(String name, Duration lease) {
        return next.steal(name, lease);
    }

    @Override
    public boolean delete(String name) {
        return next.delete(name);
    }

    @Override
    public boolean expire(String name) {
        return next.expire(name);
    }

    @Override
    public void killSubscriptions() {
        next.killSubscriptions();
    }

    @Override
    public Foreign foreign() {
        return next.foreign();
    }

    @Override
    public void close() {
        next.close();
    }
}
