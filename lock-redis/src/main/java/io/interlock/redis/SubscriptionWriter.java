// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the subscriber connection: a task on the I/O executor, there while something is to be written, never
 * twice at a time. A write that blocks, and one that is not answered, ends with the connection. Thread-safe.
 */
final class SubscriptionWriter {
    private final BackendContext context;
    private final Duration patience;
    private final Source source;

    /** What was asked for since the task last looked; the task is there while this is not zero. */
    private final AtomicInteger asked = new AtomicInteger();

    /** Where the writer finds its work. */
    interface Source {
        /** What the server is to be told next; null if nothing, or nobody to tell. It counts as sent from then on. */
        @Nullable
        Batch next();
    }

    /** What is written at once. */
    record Batch(SubscriberLink link, List<String> added, List<String> removed, boolean ping) {
        /** Nothing is left if a channel was left and joined again meanwhile. */
        boolean isEmpty() {
            return added.isEmpty() && removed.isEmpty() && !ping;
        }

        /** A channel is in one of the lists only, so their order does not matter. */
        void write() {
            link.unsubscribe(removed);
            link.subscribe(added);
            if (ping) {
                link.ping();
            }
        }
    }

    SubscriptionWriter(BackendContext context, Duration patience, Source source) {
        this.context = context;
        this.patience = patience;
        this.source = source;
    }

    /** Has everything written that is to be written by now. Does not wait for it. */
    void write() {
        if (asked.getAndIncrement() > 0) {
            return;
        }
        try {
            context.ioExecutor().execute(this::drain);
        } catch (RejectedExecutionException closed) {
            // the client is closed, and the connection is or will be cut
            asked.set(0);
        }
    }

    private void drain() {
        int seen;
        do {
            seen = asked.get();
            try {
                writeAll();
            } catch (Throwable e) {
                asked.set(0);
                throw e;
            }
        } while (!asked.compareAndSet(seen, 0));
    }

    private void writeAll() {
        for (Batch batch = source.next(); batch != null; batch = source.next()) {
            if (!batch.isEmpty()) {
                // before the write, which may block; every command is answered, UNSUBSCRIBE too
                batch.link().cutIfSilentFor(context, patience);
                batch.link().send(batch::write);
            }
        }
    }
}
