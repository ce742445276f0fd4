// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a client, in bounded time: no new attempts, ends of the attempts under way, leases told and given back,
 * undo's last chance, backend, threads. Thread-safe.
 */
final class Closing {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final EngineClient client;
    private final long callNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Semaphore attempts = new Semaphore(Integer.MAX_VALUE);

    /** Ends the mark of one attempt. */
    interface Mark extends AutoCloseable {
        @Override
        void close();
    }

    Closing(EngineClient client, Duration callTimeout) {
        this.client = client;
        callNanos = callTimeout.toNanos();
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Marks an attempt as under way; refused once the client is closed. */
    Mark enter() {
        if (isClosed() || !attempts.tryAcquire()) {
            throw client.closed();
        }
        return attempts::release;
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        client.waits().forEach(Signal::raise);
        boolean interrupted = Thread.interrupted();
        try {
            finish();
        } catch (InterruptedException meanwhile) {
            interrupted = true;
            log.warn("interrupted while closing; what was not given back ends with its lease");
        } finally {
            List.copyOf(client.held()).forEach(HeldLease::tellClosed);
            shutDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void finish() throws InterruptedException {
        // an attempt that is granted from here on gives back what it got; the backend must stay open for that
        if (!attempts.tryAcquire(Integer.MAX_VALUE, callNanos, TimeUnit.NANOSECONDS)) {
            log.warn("closing although an attempt is still under way; its grant, if any, ends with its lease");
        }
        var leases = List.copyOf(client.held());
        var done = new CountDownLatch(leases.size());
        for (var lease : leases) {
            // not on the pool of the undoer, which may be busy with a store that was down
            EngineRuntime.run(client.runtime().pools().renewals(), () -> {
                try {
                    lease.closeWithClient();
                } finally {
                    done.countDown();
                }
            });
        }
        if (!done.await(callNanos, TimeUnit.NANOSECONDS)) {
            log.warn("closed with {} locks not yet given back; they end with their leases", done.getCount());
        }
        client.undoer().close(callNanos);
    }

    private void shutDown() {
        try {
            client.backend().close();
        } finally {
            client.runtime().close();
        }
    }
}
