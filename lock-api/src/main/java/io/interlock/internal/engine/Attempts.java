// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.LockBackendException;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.OwnerId;

/** Makes single attempts, and sees to it that none leaves a grant behind that nobody has. Thread-safe. */
final class Attempts {
    private final EngineClient client;

    /** An attempt's end: the lease, or the store's refusal. Exactly one is there. */
    sealed interface Result {
        record Leased(EngineLease lease) implements Result {}

        record Refused(Attempt.Refused refusal) implements Result {}
    }

    Attempts(EngineClient client) {
        this.client = client;
    }

    /**
     * One attempt. Whatever way it ends but with a lease, the store is or will be as if it had not been made.
     *
     * @throws LockBackendException if the store failed, or answered when the lease was used up already
     */
    Result attempt(Contender contender, Acquisition acquisition) throws InterruptedException {
        try (var inFlight = client.inFlight()) {
            var owner = OwnerId.random(client.runtime().ids());
            long askedAt = client.runtime().nanoTime();
            Attempt answer = ask(contender, acquisition, owner);
            if (answer instanceof Attempt.Refused refusal) {
                return new Result.Refused(refusal);
            }
            Grant grant = ((Attempt.Granted) answer).grant();
            if (grant.validUntil() <= client.runtime().nanoTime()) {
                client.undoer().undo(acquisition.request(), grant.owner());
                throw new LockBackendException(
                        "lock '" + acquisition.request().name() + "' was granted, but the answer took so long that the"
                                + " lease of " + acquisition.options().lease() + " was used up; it is given back",
                        null,
                        true);
            }
            EngineLease lease = HeldLease.begin(client, acquisition, grant, askedAt);
            if (client.isClosed()) {
                lease.held().closeWithClient();
                throw client.closed();
            }
            return new Result.Leased(lease);
        }
    }

    private Attempt ask(Contender contender, Acquisition acquisition, OwnerId owner) throws InterruptedException {
        try {
            return contender.attempt(owner);
        } catch (InterruptedException ambiguous) {
            client.undoer().undo(acquisition.request(), owner);
            throw ambiguous;
        } catch (LockBackendException failed) {
            if (failed.isAmbiguous()) {
                client.undoer().undo(acquisition.request(), owner);
            }
            throw failed;
        } catch (RuntimeException | Error broken) { // a broken backend: nobody knows what it did
            client.undoer().undo(acquisition.request(), owner);
            throw broken;
        }
    }
}
