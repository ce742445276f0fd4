// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LeaseListener;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockListener;
import io.interlock.LockOptions;
import io.interlock.LockView;
import io.interlock.LockedBody;
import io.interlock.Registration;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A client that hands everything on; subclasses break one thing. */
class ForwardingClient implements LockClient {
    final LockClient next;

    ForwardingClient(LockClient next) {
        this.next = next;
    }

    /** What becomes of a lock before the rule sees it. */
    DistributedLock wrap(DistributedLock lock) {
        return new ForwardingLock(lock);
    }

    @Override
    public DistributedLock lock(String name) {
        return wrap(next.lock(name));
    }

    @Override
    public DistributedLock lock(String name, LockOptions options) {
        return wrap(next.lock(name, options));
    }

    @Override
    public Set<Capability> capabilities() {
        return next.capabilities();
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
    public Registration addListener(LockListener listener) {
        return next.addListener(listener);
    }

    @Override
    public void close() {
        next.close();
    }

    /** A lock that hands everything on. */
    static class ForwardingLock implements DistributedLock {
        final DistributedLock next;

        ForwardingLock(DistributedLock next) {
            this.next = next;
        }

        /** What becomes of a lease before the rule sees it. */
        Lease wrap(Lease lease) {
            return lease;
        }

        /** The same with that lease in it. A cancellation goes through; a grant that loses against it is given back. */
        CompletableFuture<Lease> wrap(CompletableFuture<Lease> future) {
            var wrapped = new CompletableFuture<Lease>();
            future.whenComplete((lease, failure) -> {
                if (failure != null) {
                    wrapped.completeExceptionally(failure);
                } else if (!wrapped.complete(wrap(lease))) {
                    lease.release();
                }
            });
            wrapped.whenComplete((lease, failure) -> {
                if (wrapped.isCancelled()) {
                    future.cancel(true);
                }
            });
            return wrapped;
        }

        @Override
        public String name() {
            return next.name();
        }

        @Override
        public Optional<Lease> tryAcquire() {
            return next.tryAcquire().map(this::wrap);
        }

        @Override
        public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
            return next.tryAcquire(maxWait).map(this::wrap);
        }

        @Override
        public Lease acquire() throws InterruptedException {
            return wrap(next.acquire());
        }

        @Override
        public Lease acquire(Duration maxWait) throws InterruptedException {
            return wrap(next.acquire(maxWait));
        }

        @Override
        public CompletableFuture<Lease> acquireAsync() {
            return wrap(next.acquireAsync());
        }

        @Override
        public CompletableFuture<Lease> acquireAsync(Duration maxWait) {
            return wrap(next.acquireAsync(maxWait));
        }

        @Override
        public <T, X extends Exception> T call(LockedBody<T, X> body) throws X, InterruptedException {
            return next.call(body);
        }

        @Override
        public LockView asLock() {
            return next.asLock();
        }
    }

    /** A lease that hands everything on. */
    static class ForwardingLease implements Lease {
        final Lease next;

        ForwardingLease(Lease next) {
            this.next = next;
        }

        @Override
        public String lockName() {
            return next.lockName();
        }

        @Override
        public long fencingToken() {
            return next.fencingToken();
        }

        @Override
        public LeaseState state() {
            return next.state();
        }

        @Override
        public boolean isHeld() {
            return next.isHeld();
        }

        @Override
        public Duration remaining() {
            return next.remaining();
        }

        @Override
        public void ensureHeld() {
            next.ensureHeld();
        }

        @Override
        public boolean renew(Duration lease) {
            return next.renew(lease);
        }

        @Override
        public Registration onStateChange(LeaseListener listener) {
            return next.onStateChange(listener);
        }

        @Override
        public ReleaseOutcome release() {
            return next.release();
        }

        @Override
        public void close() {
            next.close();
        }
    }
}
