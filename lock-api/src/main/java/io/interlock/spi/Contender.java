// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

/** One client's attempt to get one lock, waiting included. Confined to one thread at a time. */
public interface Contender extends AutoCloseable {
    /**
     * One try; never waits for another holder. Finding an entry of this very id means granted, with the same token, and
     * its expiry is set anew. After an ambiguous failure the id is undone, now or later: a place in a queue that was taken
     * with it must be given up, and never granted.
     *
     * @param owner a new id each time; a place in a queue keeps the one it began with
     * @return granted, or refused with a word on when to try again
     * @throws InterruptedException if interrupted; the request may have been carried out, and the engine undoes it
     * @throws io.interlock.LockBackendException if the store failed; if ambiguous, the engine undoes the id
     */
    Attempt attempt(OwnerId owner) throws InterruptedException;

    /**
     * Leaves no queued node and no subscription behind, and gives back a pushed grant that nobody took; leaves a
     * delivered one alone. Idempotent. Never throws and does not wait for the store.
     */
    @Override
    void close();
}
