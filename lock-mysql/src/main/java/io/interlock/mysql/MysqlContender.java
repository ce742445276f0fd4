// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;

/** One acquisition: attempts by the variant's protocol, and no connection between them. */
final class MysqlContender implements Contender {
    private final LockCalls calls;
    private final BackendContext context;
    private final LockRequest request;
    private final PollWaiting waiting;

    MysqlContender(LockCalls calls, BackendContext context, LockRequest request, PollWaiting waiting) {
        this.calls = calls;
        this.context = context;
        this.request = request;
        this.waiting = waiting;
    }

    @Override
    public Attempt attempt(OwnerId owner) throws InterruptedException {
        // before the connection is borrowed: the wait for one is part of what the lease pays for
        long sent = context.nanoTime();
        Acquisition answer = calls.acquire(request, owner);
        if (answer instanceof Acquisition.Held held) {
            return new Attempt.Refused(waiting.afterRefusal(held), held.holder());
        }
        long token = ((Acquisition.Granted) answer).token();
        return new Attempt.Granted(new MysqlGrant(calls, context, request, owner, token, sent));
    }

    @Override
    public void close() {
        // nothing is queued, nothing subscribed, nothing borrowed
    }
}
