// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
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
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A backend that answers what a test wrote down, and keeps what it was asked. */
final class ScriptedBackend implements LockBackend {
    final Set<Capability> capabilities = EnumSet.of(Capability.LEASE, Capability.EXTEND, Capability.FENCING);
    final Queue<Supplier<Attempt>> attempts = new ConcurrentLinkedQueue<>();
    final Queue<Supplier<RenewOutcome>> renewals = new ConcurrentLinkedQueue<>();
    final Queue<Supplier<ReleaseOutcome>> releases = new ConcurrentLinkedQueue<>();
    final Queue<Supplier<ReleaseOutcome>> undos = new ConcurrentLinkedQueue<>();
    final Queue<Supplier<List<Finding>>> diagnoses = new ConcurrentLinkedQueue<>();
    final List<LockRequest> requests = new CopyOnWriteArrayList<>();
    final List<OwnerId> asked = new CopyOnWriteArrayList<>();
    final List<OwnerId> undone = new CopyOnWriteArrayList<>();
    final List<Duration> renewedFor = new CopyOnWriteArrayList<>();
    final List<Integer> renewalBatches = new CopyOnWriteArrayList<>();
    final List<Runnable> wakeUps = new CopyOnWriteArrayList<>();
    final AtomicInteger contendersOpen = new AtomicInteger();
    final AtomicInteger released = new AtomicInteger();
    volatile boolean closed;
    volatile int batch = 1;
    volatile boolean watchFails;
    volatile Optional<HolderInfo> holder = Optional.empty();
    volatile Duration longestLease = Duration.ofDays(1);
    volatile BackendContext context;

    /** What an unscripted attempt gets. */
    volatile boolean refuseByDefault;

    static Attempt refused(Duration retryAfter) {
        return new Attempt.Refused(retryAfter, Optional.empty());
    }

    static Attempt refused(Duration retryAfter, HolderInfo holder) {
        return new Attempt.Refused(retryAfter, Optional.of(holder));
    }

    static LockBackendException failure(boolean ambiguous) {
        return new LockBackendException("scripted failure", null, ambiguous);
    }

    @Override
    public void start(BackendContext started) {
        context = started;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        wakeUps.add(wakeUp);
        requests.add(request);
        contendersOpen.incrementAndGet();
        return new ScriptedContender(request);
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        return holder;
    }

    @Override
    public void requireLease(Duration lease) {
        if (lease.compareTo(longestLease) > 0) {
            throw new IllegalArgumentException("lease = " + lease + ": must be at most " + longestLease);
        }
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        undone.add(owner);
        Supplier<ReleaseOutcome> script = undos.poll();
        return script == null ? ReleaseOutcome.RELEASED : script.get();
    }

    @Override
    public java.util.Map<Grant, RenewOutcome> renewAll(java.util.Collection<Grant> due, Duration lease) {
        renewalBatches.add(due.size());
        return LockBackend.super.renewAll(due, lease);
    }

    @Override
    public int renewalBatch() {
        return batch;
    }

    @Override
    public List<Finding> diagnose() {
        Supplier<List<Finding>> script = diagnoses.poll();
        return script == null ? LockBackend.super.diagnose() : script.get();
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class ScriptedContender implements Contender {
        private final LockRequest request;
        private boolean open = true;

        ScriptedContender(LockRequest request) {
            this.request = request;
        }

        @Override
        public Attempt attempt(OwnerId owner) throws InterruptedException {
            asked.add(owner);
            long sent = context.nanoTime();
            Supplier<Attempt> script = attempts.poll();
            Attempt answer = script == null ? (refuseByDefault ? refused(Duration.ofSeconds(1)) : null) : script.get();
            if (Thread.interrupted()) {
                throw new InterruptedException("scripted");
            }
            return answer != null ? answer : new Attempt.Granted(new ScriptedGrant(owner, sent, request.lease()));
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                contendersOpen.decrementAndGet();
            }
        }
    }

    final Queue<ScriptedGrant> grants = new ArrayDeque<>();

    /** The latest grant. */
    ScriptedGrant grant() {
        return grants.peek();
    }

    final class ScriptedGrant implements Grant {
        private final OwnerId owner;
        volatile long validUntil;
        volatile GrantListener listener;

        ScriptedGrant(OwnerId owner, long sent, Duration lease) {
            this.owner = owner;
            validUntil = Validity.end(sent, lease);
            grants.clear();
            grants.add(this);
        }

        @Override
        public OwnerId owner() {
            return owner;
        }

        @Override
        public long fencingToken() {
            return 42;
        }

        @Override
        public long validUntil() {
            return validUntil;
        }

        @Override
        public RenewOutcome renew(Duration lease) {
            renewedFor.add(lease);
            long sent = context.nanoTime();
            Supplier<RenewOutcome> script = renewals.poll();
            RenewOutcome outcome = script == null ? RenewOutcome.RENEWED : script.get();
            if (outcome == RenewOutcome.RENEWED) {
                validUntil = Validity.end(sent, lease);
            }
            return outcome;
        }

        @Override
        public ReleaseOutcome release() {
            released.incrementAndGet();
            Supplier<ReleaseOutcome> script = releases.poll();
            return script == null ? ReleaseOutcome.RELEASED : script.get();
        }

        @Override
        public void watch(GrantListener watcher) {
            if (watchFails) {
                throw new IllegalStateException("a backend with a bug");
            }
            listener = watcher;
        }
    }
}
