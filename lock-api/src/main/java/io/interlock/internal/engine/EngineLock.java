// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LockOptions;
import io.interlock.LockTimeoutException;
import io.interlock.LockView;
import io.interlock.LockedBody;
import io.interlock.internal.engine.AcquireLoop.Step;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A name, options and a client; all calls of the public API become acquisitions here. Immutable. */
final class EngineLock implements DistributedLock {
    private final EngineClient client;
    private final String name;
    private final LockOptions options;
    private final LockView view = new ThreadBoundView(this);

    EngineLock(EngineClient client, String name, LockOptions options) {
        this.client = client;
        this.name = name;
        this.options = options;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Lease> tryAcquire() {
        return leaseOf(once().runUninterruptibly());
    }

    @Override
    public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
        return leaseOf(
                requireWait(maxWait).isZero() ? once().run() : waiting(maxWait).run());
    }

    @Override
    public Lease acquire() throws InterruptedException {
        return leaseOf(unlimited().run()).orElseThrow();
    }

    @Override
    public Lease acquire(Duration maxWait) throws InterruptedException {
        requireWait(maxWait);
        long start = client.runtime().time().monotonicNanos();
        Step step = maxWait.isZero() ? once().run() : waiting(maxWait).run();
        if (step instanceof Step.TimedOut timedOut) {
            var waited = Duration.ofNanos(client.runtime().time().monotonicNanos() - start);
            throw new LockTimeoutException(name, waited, timedOut.holder().or(() -> client.holderIfTold(name)));
        }
        return leaseOf(step).orElseThrow();
    }

    /** For {@link LockView#lock}. */
    Lease acquireUninterruptibly() {
        return leaseOf(unlimited().runUninterruptibly()).orElseThrow();
    }

    @Override
    public CompletableFuture<Lease> acquireAsync() {
        return async(Deadline.NEVER, true);
    }

    @Override
    public CompletableFuture<Lease> acquireAsync(Duration maxWait) {
        requireWait(maxWait);
        return async(Deadline.after(maxWait, client.runtime().time().monotonicNanos()), !maxWait.isZero());
    }

    private CompletableFuture<Lease> async(Deadline deadline, boolean waiting) {
        if (client.isClosed()) {
            return CompletableFuture.failedFuture(client.closed());
        }
        return AsyncAcquire.start(
                client, client.acquisition(name, options, waiting).forFuture(), deadline);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(LockedBody<T, X> body)
            throws X, InterruptedException {
        Objects.requireNonNull(body, "body");
        var lease = (EngineLease) acquire();
        T result;
        try {
            result = body.run(lease);
        } catch (Throwable thrown) {
            finish(lease).ifPresent(thrown::addSuppressed);
            throw thrown;
        }
        Optional<LeaseLostException> loss = finish(lease);
        if (loss.isPresent()) {
            throw loss.get();
        }
        return result;
    }

    private Optional<LeaseLostException> finish(EngineLease lease) {
        var outcome = lease.release();
        return lease.held().lossDuring(outcome).map(reason -> new LeaseLostException(name, reason));
    }

    @Override
    public LockView asLock() {
        return view;
    }

    @Override
    public String toString() {
        return "DistributedLock[" + name + "]";
    }

    private BlockingAcquire waiting(Duration maxWait) {
        var deadline = Deadline.after(maxWait, client.runtime().time().monotonicNanos());
        return new BlockingAcquire(client, client.acquisition(name, options, true), deadline);
    }

    private BlockingAcquire once() {
        return new BlockingAcquire(client, client.acquisition(name, options, false), Deadline.NEVER);
    }

    private BlockingAcquire unlimited() {
        return new BlockingAcquire(client, client.acquisition(name, options, true), Deadline.NEVER);
    }

    private static Duration requireWait(Duration maxWait) {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait = " + maxWait + ": must not be negative");
        }
        return maxWait;
    }

    private static Optional<Lease> leaseOf(Step step) {
        return step instanceof Step.Acquired acquired ? Optional.of(acquired.lease()) : Optional.empty();
    }
}
