// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.tck.history.HistoryEvent.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A lock whose calls are recorded; they do and throw what those of {@link DistributedLock} do. Thread-safe. */
public final class RecordedLock {
    private final HistoryRecorder recorder;
    private final String process;
    private final DistributedLock lock;

    RecordedLock(HistoryRecorder recorder, String process, DistributedLock lock) {
        this.recorder = recorder;
        this.process = process;
        this.lock = lock;
    }

    /** An acquisition. */
    @FunctionalInterface
    private interface Attempt<X extends Exception> {
        Optional<Lease> run() throws X;
    }

    /** {@return the lease, or empty if another holds the lock} */
    public Optional<RecordedLease> tryAcquire() {
        return record(Kind.TRY, "", lock::tryAcquire);
    }

    /**
     * Attempts until granted or the wait is over.
     *
     * @param maxWait how long to wait
     * @return the lease, or empty if another still held the lock
     * @throws InterruptedException if interrupted
     */
    public Optional<RecordedLease> tryAcquire(Duration maxWait) throws InterruptedException {
        return record(waiting(maxWait), wait(maxWait), () -> lock.tryAcquire(maxWait));
    }

    /**
     * Waits without limit.
     *
     * @return the lease
     * @throws InterruptedException if interrupted
     */
    public RecordedLease acquire() throws InterruptedException {
        return record(Kind.ACQUIRE, "waits without limit", () -> Optional.of(lock.acquire()))
                .orElseThrow();
    }

    /**
     * Waits until granted or the wait is over.
     *
     * @param maxWait how long to wait
     * @return the lease
     * @throws InterruptedException if interrupted
     */
    public RecordedLease acquire(Duration maxWait) throws InterruptedException {
        return record(waiting(maxWait), wait(maxWait), () -> Optional.of(lock.acquire(maxWait)))
                .orElseThrow();
    }

    /**
     * Asks without a thread, and cancels what takes too long. Of a cancelled call the history says that its outcome is
     * unknown, since a grant may have come with the cancellation, for a moment.
     *
     * @param patience how long to wait until the cancellation
     * @return the lease, or empty if cancelled
     * @throws InterruptedException if interrupted; cancelled too
     */
    public Optional<RecordedLease> acquireOrCancel(Duration patience) throws InterruptedException {
        String note = "is cancelled after " + patience.toMillis() + " ms";
        Op op = recorder.invoke(process, Kind.ACQUIRE, lock.name(), OptionalLong.empty(), OptionalLong.empty(), note);
        long asked = System.nanoTime();
        try {
            Optional<Lease> lease = orCancelled(lock.acquireAsync(), patience);
            if (lease.isEmpty()) {
                op.info("cancelled");
            }
            return lease.map(granted -> granted(op, asked, granted));
        } catch (ExecutionException failed) {
            Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
            op.threw(cause);
            throw new IllegalStateException(cause);
        } catch (Throwable thrown) { // everything ends a call, and has to be in the history
            op.threw(thrown);
            throw thrown;
        }
    }

    private static Optional<Lease> orCancelled(CompletableFuture<Lease> asking, Duration patience)
            throws InterruptedException, ExecutionException {
        try {
            return Optional.of(asking.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException impatient) {
            return asking.cancel(true) ? Optional.empty() : Optional.of(asking.get());
        } catch (InterruptedException e) {
            asking.cancel(true);
            throw e;
        }
    }

    private <X extends Exception> Optional<RecordedLease> record(Kind kind, String note, Attempt<X> attempt) throws X {
        Op op = recorder.invoke(process, kind, lock.name(), OptionalLong.empty(), OptionalLong.empty(), note);
        long asked = System.nanoTime();
        Optional<Lease> lease;
        try {
            lease = attempt.run();
        } catch (Throwable thrown) { // everything ends a call, and has to be in the history
            op.threw(thrown);
            throw thrown;
        }
        if (lease.isEmpty()) {
            op.refused();
            return Optional.empty();
        }
        return Optional.of(granted(op, asked, lease.get()));
    }

    private RecordedLease granted(Op op, long asked, Lease lease) {
        long granted = System.nanoTime();
        OptionalLong token = token(lease);
        // a grant that is spent on arrival ended we don't know when, but not before it was asked for
        op.okAt(granted, token, OptionalLong.of(RecordedLease.claim(lease).orElse(asked)));
        return new RecordedLease(recorder, process, op.id(), token, lease);
    }

    private static OptionalLong token(Lease lease) {
        try {
            return OptionalLong.of(lease.fencingToken());
        } catch (UnsupportedCapabilityException notFenced) {
            return OptionalLong.empty();
        }
    }

    private static Kind waiting(Duration maxWait) {
        return maxWait.isZero() ? Kind.TRY : Kind.ACQUIRE;
    }

    private static String wait(Duration maxWait) {
        return "waits up to " + maxWait.toMillis() + " ms";
    }
}
