// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A backend that hands everything on; subclasses break one thing. Batches of renewals go one by one. */
class ForwardingBackend implements LockBackend {
    final LockBackend next;

    ForwardingBackend(LockBackend next) {
        this.next = next;
    }

    @Override
    public void start(BackendContext context) {
        next.start(context);
    }

    @Override
    public Set<Capability> capabilities() {
        return next.capabilities();
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        return new ForwardingContender(next.contend(request, wakeUp), request);
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        return next.undo(request, owner);
    }

    @Override
    public void requireLease(Duration lease) {
        next.requireLease(lease);
    }

    @Override
    public Duration renewalInterval(Duration lease) {
        return next.renewalInterval(lease);
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        return next.holder(name);
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        return next.forceRelease(name, fencingToken);
    }

    @Override
    public List<Finding> diagnose() {
        return next.diagnose();
    }

    @Override
    public void close() {
        next.close();
    }

    /** What becomes of a grant before the engine sees it. */
    Grant grant(Grant grant, LockRequest request) {
        return new ForwardingGrant(grant);
    }

    /** A contender that hands everything on. */
    class ForwardingContender implements Contender {
        final Contender next;
        final LockRequest request;

        ForwardingContender(Contender next, LockRequest request) {
            this.next = next;
            this.request = request;
        }

        @Override
        public Attempt attempt(OwnerId owner) throws InterruptedException {
            Attempt attempt = next.attempt(owner);
            return attempt instanceof Attempt.Granted granted
                    ? new Attempt.Granted(grant(granted.grant(), request))
                    : attempt;
        }

        @Override
        public void close() {
            next.close();
        }
    }

    /** A grant that hands everything on. */
    static class ForwardingGrant implements Grant {
        final Grant next;

        ForwardingGrant(Grant next) {
            this.next = next;
        }

        @Override
        public OwnerId owner() {
            return next.owner();
        }

        @Override
        public long fencingToken() {
            return next.fencingToken();
        }

        @Override
        public long validUntil() {
            return next.validUntil();
        }

        @Override
        public RenewOutcome renew(Duration lease) {
            return next.renew(lease);
        }

        @Override
        public ReleaseOutcome release() {
            return next.release();
        }

        @Override
        public void watch(GrantListener listener) {
            next.watch(listener);
        }
    }
}
