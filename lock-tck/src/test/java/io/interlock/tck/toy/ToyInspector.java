// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.tck.StoreInspector;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** A look into a toy store, from inside this JVM. */
final class ToyInspector implements StoreInspector {
    private final ToyServer server;

    ToyInspector(ToyServer server) {
        this.server = server;
    }

    @Override
    public int entries(String name) {
        return server.store().entries(key(name));
    }

    @Override
    public int counters(String name) {
        return server.store().fences(key(name));
    }

    /** One a client that waits: its threads share a subscription. */
    @Override
    public OptionalInt waiters(String name) {
        return OptionalInt.of(server.store().watchers(key(name)));
    }

    @Override
    public Optional<Duration> timeToLive(String name) {
        return server.store().timeToLive(key(name));
    }

    @Override
    public long commandCount() {
        return server.commandCount();
    }

    @Override
    public int connections() {
        return server.connections();
    }

    @Override
    public int subscriptions() {
        return server.store().watchers();
    }

    @Override
    public boolean steal(String name, Duration lease) {
        return server.store().steal(key(name), "thief", lease);
    }

    @Override
    public boolean delete(String name) {
        return server.store().remove(key(name));
    }

    @Override
    public boolean expire(String name) {
        return server.store().remove(key(name)); // what has run out is not there, and nobody is told
    }

    @Override
    public void killSubscriptions() {
        server.killWatchers();
    }

    @Override
    public Foreign foreign() {
        String key = "somebody-else's";
        var entry = new ToyEntry("somebody else", 1, 1, "-", Long.MAX_VALUE);
        server.store().put(key, entry);
        return new Foreign() {
            @Override
            public boolean isUntouched() {
                return server.store().entry(key).equals(Optional.of(entry));
            }

            @Override
            public void close() {
                server.store().remove(key);
            }
        };
    }

    @Override
    public void close() {}

    private static String key(String name) {
        return ToyProtocol.key("default", name);
    }
}
