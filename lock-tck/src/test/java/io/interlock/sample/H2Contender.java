// SPDX-License-Identifier: Apache-2.0
package io.interlock.sample;

import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.OptionalLong;

/** Tries, and says when to try again: a database has no way to call back. */
final class H2Contender implements Contender {
    private final H2Locks locks;
    private final BackendContext context;
    private final LockRequest request;

    H2Contender(H2Locks locks, BackendContext context, LockRequest request) {
        this.locks = locks;
        this.context = context;
        this.request = request;
    }

    @Override
    public Attempt attempt(OwnerId owner) {
        long sent = context.nanoTime(); // before anything is sent: validity must not outlive the row's lease
        OptionalLong token = locks.acquire(request, owner);
        return token.isPresent()
                ? new Attempt.Granted(new H2Grant(locks, context, request, owner, token.getAsLong(), sent))
                : new Attempt.Refused(pollSoon(), locks.holder(request.name()));
    }

    /** At random, so that waiters do not come all at once. */
    private Duration pollSoon() {
        return Duration.ofMillis(context.random().nextInt(10, 30));
    }

    @Override
    public void close() {
        // nothing is queued, and nothing subscribed
    }
}
