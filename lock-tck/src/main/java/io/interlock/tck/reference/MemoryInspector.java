// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.reference;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.memory.MemoryLocks;
import io.interlock.tck.StoreInspector;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A look into {@link MemoryLocks}. */
final class MemoryInspector implements StoreInspector {
    private final MemoryLocks locks;

    MemoryInspector(MemoryLocks locks) {
        this.locks = locks;
    }

    @Override
    public int entries(String name) {
        return (locks.isHeld(name) ? 1 : 0) + locks.waiters(name);
    }

    @Override
    public int counters(String name) {
        return 0; // one counter serves all names
    }

    @Override
    public OptionalInt waiters(String name) {
        return OptionalInt.of(locks.waiters(name));
    }

    @Override
    public Optional<Duration> timeToLive(String name) {
        return locks.timeToLive(name);
    }

    /** There are no texts: a key is a pair of namespace and name. */
    @Override
    public Map<String, String> frozenKeys() {
        return Map.of("tck-frozen/1", "default,tck-frozen/1", "tck frozen 2", "default,tck frozen 2");
    }

    @Override
    public boolean hasKey(String key) {
        return locks.isHeld(key.substring(key.indexOf(',') + 1));
    }

    @Override
    public long commandCount() {
        return locks.commandCount();
    }

    @Override
    public int connections() {
        return 0;
    }

    @Override
    public int subscriptions() {
        return 0;
    }

    @Override
    public boolean steal(String name, Duration lease) {
        return locks.takeOver(name, lease);
    }

    @Override
    public boolean delete(String name) {
        return locks.loseLease(name);
    }

    @Override
    public boolean expire(String name) {
        return locks.expire(name);
    }

    @Override
    public void killSubscriptions() {
        // waiters are told by calls, which can't be cut
    }

    /** Another program of the same store is another client, in a namespace of its own. */
    @Override
    public Foreign foreign() {
        LockClient client =
                locks.newClient(LockConfig.builder().set("namespace", "foreign").build());
        DistributedLock lock = client.lock("foreign");
        Lease lease = lock.tryAcquire().orElseThrow();
        return new Foreign() {
            @Override
            public boolean isUntouched() {
                return lease.isHeld() && lock.tryAcquire().isEmpty();
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    @Override
    public void close() {
        // has nothing of its own
    }
}
