// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;

/** One acquisition: attempts by the variant's protocol, and its way of waiting between them. */
final class RedisContender implements Contender {
    private final LockProtocol protocol;
    private final BackendContext context;
    private final LockRequest request;
    private final Waiting waiting;

    RedisContender(LockProtocol protocol, BackendContext context, LockRequest request, Waiting waiting) {
        this.protocol = protocol;
        this.context = context;
        this.request = request;
        this.waiting = waiting;
    }

    @Override
    public Attempt attempt(OwnerId owner) throws InterruptedException {
        // before the connection is borrowed: the wait for one is part of what the lease pays for
        long sent = context.nanoTime();
        Acquisition answer = protocol.acquire(request, owner);
        if (answer instanceof Acquisition.Held held) {
            return new Attempt.Refused(waiting.afterRefusal(held), held.holder());
        }
        long token = ((Acquisition.Granted) answer).token();
        return new Attempt.Granted(new RedisGrant(protocol, context, request, owner, token, sent));
    }

    @Override
    public void close() {
        waiting.close();
    }
}
