// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LossReason;
import io.interlock.Registration;
import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A store in memory, with a hand in it: what a unit test needs to see how an application behaves when a lease is lost,
 * a renewal late, an answer missing. Thread-safe.
 *
 * <pre>{@code
 * MemoryLocks locks = MemoryLocks.create();
 * try (LockClient client = locks.newClient(); Lease lease = client.lock("job").acquire()) {
 *     locks.loseLease("job"); // an administrator deleted the entry
 *     assert !lease.isHeld();
 * }
 * }</pre>
 *
 * <p>The names that these methods take are those of the namespace {@code default}.
 */
public final class MemoryLocks {
    private final MemoryStore store;

    private MemoryLocks(LongSupplier nanoTime) {
        store = new MemoryStore(nanoTime);
    }

    /** {@return an empty store} */
    public static MemoryLocks create() {
        return create(System::nanoTime);
    }

    /**
     * An empty store with a clock of its own.
     *
     * @param nanoTime nanoseconds, from anywhere; decides when a lease is over in the store
     * @return the store
     */
    public static MemoryLocks create(LongSupplier nanoTime) {
        return new MemoryLocks(nanoTime);
    }

    /** {@return a new client of this store, independent of its other clients} */
    public LockClient newClient() {
        return LockClient.of(backend());
    }

    /**
     * A new client of this store, with the engine's settings.
     *
     * @param settings without a URI
     * @return a client that is independent of the others
     */
    public LockClient newClient(LockConfig settings) {
        return LockClient.of(backend(settings.namespace()), settings);
    }

    /** {@return a backend for one client} */
    public LockBackend backend() {
        return backend("default");
    }

    /**
     * A backend for one client in a namespace.
     *
     * @param namespace separates names
     * @return the backend
     */
    public LockBackend backend(String namespace) {
        return new MemoryBackend(store, namespace, () -> {});
    }

    /**
     * Deletes a held entry behind its holder's back, as an administrator might. The holder is told at once.
     *
     * @param name the name of the lock
     * @return whether it was held
     */
    public boolean loseLease(String name) {
        return store.end(key(name), LossReason.DELETED);
    }

    /**
     * Gives a held entry to somebody outside, as a store might that lost its memory. The holder is told at once.
     *
     * @param name the name of the lock
     * @param lease how long the outsider holds it
     * @return whether it was held
     */
    public boolean takeOver(String name, Duration lease) {
        return store.takeOver(key(name), lease);
    }

    /**
     * Lets the lease of a held entry be over in the store now. The holder is not told: it finds out by its own clock or
     * at its next renewal.
     *
     * @param name the name of the lock
     * @return whether it was held
     */
    public boolean expire(String name) {
        return store.expire(key(name));
    }

    /** {@return closes to let renewals through again; until then none is carried out or answered} */
    public Registration delayRenewals() {
        return store.faults().delayRenewals();
    }

    /** {@return closes to end the outage; until then every call fails as if the store were down} */
    public Registration outage() {
        return store.faults().outage();
    }

    /** Carries the next acquisition out and loses the answer: to its client it is ambiguous. */
    public void loseNextReply() {
        store.faults().loseNextReply();
    }

    /** Loses the answer of the next acquisition before it is carried out: to its client it is ambiguous as well. */
    public void loseNextRequest() {
        store.faults().loseNextRequest();
    }

    /** Carries the next release out and loses the answer. */
    public void loseNextReleaseReply() {
        store.faults().loseNextReleaseReply();
    }

    /**
     * Whether the store has an entry that is not over.
     *
     * @param name the name of the lock
     * @return true if held
     */
    public boolean isHeld(String name) {
        return timeToLive(name).isPresent();
    }

    /**
     * How long the store keeps an entry.
     *
     * @param name the name of the lock
     * @return what is left of its lease, or empty if the lock is free
     */
    public Optional<Duration> timeToLive(String name) {
        return store.timeToLive(key(name));
    }

    /**
     * How many contenders wait in the store's queue.
     *
     * @param name the name of the lock
     * @return none or more
     */
    public int waiters(String name) {
        return store.waiters(key(name));
    }

    /** {@return how many names have an entry or a queue} */
    public int size() {
        return store.size();
    }

    /** {@return how many calls of clients reached the store} */
    public long commandCount() {
        return store.faults().commandCount();
    }

    MemoryStore store() {
        return store;
    }

    private static MemoryStore.Key key(String name) {
        return new MemoryStore.Key("default", name);
    }
}
