// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener, whose calls run on a shared executor, one after the other, in order of arrival; so one that blocks
 * delays only itself. Thread-safe.
 */
final class SerialListener<L> {
    private static final Logger log = LoggerFactory.getLogger(SerialListener.class);

    private final L listener;
    private final Executor executor;
    private final Queue<Consumer<L>> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    SerialListener(L listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    /** Adds a call without starting it: for callers that hold a lock. */
    void add(Consumer<L> call) {
        calls.add(call);
    }

    /** Starts what was added, unless it is under way already. */
    void start() {
        if (!calls.isEmpty() && pending.getAndIncrement() == 0 && !EngineRuntime.run(executor, this::drain)) {
            pending.set(0);
        }
    }

    private void drain() {
        int seen;
        do {
            seen = pending.get();
            for (Consumer<L> call = calls.poll(); call != null; call = calls.poll()) {
                tell(call);
            }
        } while (!pending.compareAndSet(seen, 0)); // somebody added meanwhile and left it to us
    }

    private void tell(Consumer<L> call) {
        try {
            call.accept(listener);
        } catch (Throwable thrown) { // not ours to handle, and not the next call's to suffer from
            log.error("listener {} failed", listener.getClass().getName(), thrown);
        }
    }
}
