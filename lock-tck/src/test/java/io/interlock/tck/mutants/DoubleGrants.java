// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;

/** Grants what the store refused, in an entry beside the right one: two hold at once. */
abstract class DoubleGrants extends ForwardingBackend {
    DoubleGrants(LockBackend next) {
        super(next);
    }

    /** Looks at the store before the attempt. */
    boolean look(LockRequest request) {
        return true;
    }

    /** Whether a refusal is ignored. */
    abstract boolean ignores(boolean looked, LockRequest request);

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        return new ForwardingContender(next.contend(request, wakeUp), request) {
            @Override
            public Attempt attempt(OwnerId owner) throws InterruptedException {
                boolean looked = look(request);
                Attempt attempt = super.attempt(owner);
                if (attempt instanceof Attempt.Granted || !ignores(looked, request)) {
                    return attempt;
                }
                next.close();
                return beside(request, owner);
            }
        };
    }

    private Attempt beside(LockRequest request, OwnerId owner) throws InterruptedException {
        var elsewhere = named(request, request.name() + " #" + owner);
        try (Contender contender = next.contend(elsewhere, () -> {})) {
            Attempt attempt = contender.attempt(owner);
            return attempt instanceof Attempt.Granted granted
                    ? new Attempt.Granted(grant(granted.grant(), request))
                    : attempt;
        }
    }

    /** The same request for another name. */
    static LockRequest named(LockRequest request, String name) {
        return new LockRequest(
                name, request.lease(), request.waiting(), request.tokens(), request.holder(), request.callTimeout());
    }
}
