// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A look into the store behind the clients' backs, and the power to spoil it, over a connection of its own that none of
 * the counters counts. Lock names are those of the namespace {@code default}. Thread-safe; calls block on the store.
 */
public interface StoreInspector extends AutoCloseable {
    /**
     * Counts what the store keeps for a lock beside the documented counters, such as the last fencing token.
     *
     * @param name of the lock
     * @return 0 when nobody holds it, queues for it, or has just left
     */
    int entries(String name);

    /**
     * Counts what the store keeps for good for a lock: documented counters.
     *
     * @param name of the lock
     * @return such as 1 for the last fencing token
     */
    int counters(String name);

    /**
     * Counts who waits for a lock, as far as the store knows.
     *
     * @param name of the lock
     * @return how many; empty if waiters of this backend leave no trace in the store
     */
    OptionalInt waiters(String name);

    /**
     * The time that the store keeps the entry of a lock unless it is renewed.
     *
     * @param name of the lock
     * @return time left; empty if nobody holds it, or the entry lives as long as a session
     */
    Optional<Duration> timeToLive(String name);

    /**
     * The names of store keys that must never change, since clients of two versions of the library share a store:
     * written down once, not computed.
     *
     * @return what the entry of a held lock is called in the store, by the lock's name; empty: none is written down
     */
    default Map<String, String> frozenKeys() {
        return Map.of();
    }

    /**
     * Whether the store has a key, row or node of just this name.
     *
     * @param key one of {@link #frozenKeys}
     * @return whether it is there
     */
    default boolean hasKey(String key) {
        throw new UnsupportedOperationException("an inspector with frozen keys must look for them");
    }

    /** {@return how many commands of clients the store has carried out, ever; only differences matter} */
    long commandCount();

    /** {@return how many connections of clients are open} */
    int connections();

    /** {@return how many subscriptions or watches of clients there are} */
    int subscriptions();

    /**
     * Gives the held lock to somebody else, as a broken program would.
     *
     * @param name of the lock
     * @param lease how long the other holds it
     * @return whether it was held
     */
    boolean steal(String name, Duration lease);

    /**
     * Deletes the entry of a lock, as an administrator would.
     *
     * @param name of the lock
     * @return whether it was held
     */
    boolean delete(String name);

    /**
     * Lets the entry of a lock run out now.
     *
     * @param name of the lock
     * @return whether it was held
     */
    boolean expire(String name);

    /** Cuts the connections over which clients are told of releases, if there are any apart from the others. */
    void killSubscriptions();

    /**
     * Puts something foreign beside the locks, as another program that shares the store would.
     *
     * @return how to see that it is untouched, and to remove it
     */
    Foreign foreign();

    /** Something in the store that is none of the library's business. */
    interface Foreign extends AutoCloseable {
        /** {@return whether it is still as it was put} */
        boolean isUntouched();

        /** Removes it. */
        @Override
        void close();
    }

    /** Closes its connection. */
    @Override
    void close();
}
