// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Lease;
import io.interlock.LockTimeoutException;
import io.interlock.Registration;
import io.interlock.internal.engine.AcquireLoop.Step;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes the steps of an acquisition on a bounded pool, and none while parked: a thousand that wait need no thread.
 *
 * <p>Cancelling the future, or completing it from outside, ends the wait; a grant that loses against that is given back.
 */
final class AsyncAcquire {
    private static final Registration NONE = () -> {};

    private final EngineClient client;
    private final Acquisition acquisition;
    private final AcquireLoop loop;
    private final Signal signal = new Signal(this::resume);
    private final AtomicBoolean parked = new AtomicBoolean();
    private final AtomicReference<Registration> timer = new AtomicReference<>(NONE);
    private final CompletableFuture<Lease> future = new CompletableFuture<>();

    private AsyncAcquire(EngineClient client, Acquisition acquisition, Deadline deadline) {
        this.client = client;
        this.acquisition = acquisition;
        loop = new AcquireLoop(client, acquisition, deadline, signal);
    }

    static CompletableFuture<Lease> start(EngineClient client, Acquisition acquisition, Deadline deadline) {
        var acquire = new AsyncAcquire(client, acquisition, deadline);
        client.waits().add(acquire.signal);
        acquire.future.whenComplete((lease, failure) -> acquire.signal.raise());
        acquire.parked.set(true);
        acquire.resume();
        return acquire.future;
    }

    /** Hands the next step to the pool if we are parked; else the step under way sees what is new by itself. */
    private void resume() {
        if (parked.compareAndSet(true, false)
                && !EngineRuntime.run(client.runtime().pools().attempts(), this::run)) {
            end(false);
            fail(client.closed());
        }
    }

    private void run() {
        timer.getAndSet(NONE).close();
        if (future.isDone()) {
            end(false);
            return;
        }
        try {
            Step step = loop.step();
            if (step instanceof Step.Park park) {
                park(park.until());
            } else if (step instanceof Step.Acquired acquired) {
                end(true);
                deliver(acquired.lease());
            } else {
                String name = acquisition.request().name();
                Duration waited = waited();
                var holder = ((Step.TimedOut) step).holder().or(() -> client.holderIfTold(name));
                end(false);
                fail(new LockTimeoutException(name, waited, holder));
            }
        } catch (InterruptedException poolClosed) {
            Thread.currentThread().interrupt();
            end(false);
            fail(client.closed());
        } catch (RuntimeException | Error failed) {
            end(false);
            fail(failed);
        }
    }

    private void park(long until) {
        if (until != Long.MAX_VALUE) {
            long delay = until - client.runtime().time().monotonicNanos();
            timer.set(client.runtime()
                    .time()
                    .schedule(signal::raise, delay)); // sticky, should it fire before we are parked
        }
        parked.set(true);
        if (signal.isRaised() || future.isDone()) {
            resume(); // raised, or cancelled, while the step was under way
        }
    }

    private void end(boolean acquired) {
        client.waits().remove(signal);
        loop.close();
        client.told(acquisition, loop.attempts(), acquired);
    }

    private void deliver(EngineLease lease) {
        complete(() -> {
            if (!future.complete(lease)) {
                lease.release(); // cancelled, or completed from outside, while the grant was on its way
            }
        });
    }

    private void fail(Throwable failure) {
        complete(() -> future.completeExceptionally(failure));
    }

    /** On the callback executor: dependants may block, and must not do so on a thread that attempts need. */
    private void complete(Runnable completion) {
        if (!EngineRuntime.run(client.runtime().pools().callbacks(), completion)) {
            EngineRuntime.guarded(completion); // the client is closed: a future that never completes would be worse
        }
    }

    private Duration waited() {
        return Duration.ofNanos(client.runtime().time().monotonicNanos() - acquisition.startedAt());
    }
}
