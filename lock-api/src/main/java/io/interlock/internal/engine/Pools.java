// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one client. Each kind of work has a pool of its own, so that stalled calls of one kind never
 * hold up another; idle threads end.
 *
 * @param renewals renewal calls
 * @param attempts attempts of async acquisitions
 * @param undos background releases
 * @param io what backends do in the background
 * @param callbacks listeners and async completions
 * @param shutdown lets queued work finish and ends the threads
 */
record Pools(Executor renewals, Executor attempts, Executor undos, Executor io, Executor callbacks, Runnable shutdown) {
    private static final int THREADS = 4;
    private static final long DRAIN_SECONDS = 2;

    static Pools create() {
        var renewals = pool("interlock-renewal", THREADS);
        var attempts = pool("interlock-attempt", THREADS);
        var undos = pool("interlock-undo", THREADS);
        var io = pool("interlock-io", THREADS);
        ThreadFactory callers = daemons("interlock-callback");
        // unbounded: a listener or a dependant may block, and must then delay nobody but itself; and who listens to a
        // lease of a client that is closed is told at once, as other late listeners are, by a thread that ends with
        // that
        var callbacks = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                5,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                callers,
                (task, closed) -> callers.newThread(task).start());
        return new Pools(renewals, attempts, undos, io, callbacks, () -> {
            renewals.shutdown();
            attempts.shutdown();
            undos.shutdown();
            io.shutdown();
            // last, and not before the attempts that are under way have handed their ends over
            callbacks.execute(() -> {
                drain(attempts);
                callbacks.shutdown();
            });
        });
    }

    /** Callbacks on the application's executor; where that refuses one, on ours: a loss must be told all the same. */
    Pools withCallbacks(Executor own) {
        Executor either = task -> {
            try {
                own.execute(task);
            } catch (RuntimeException refused) {
                callbacks.execute(task);
            }
        };
        return new Pools(renewals, attempts, undos, io, either, shutdown);
    }

    private static void drain(ThreadPoolExecutor pool) {
        try {
            if (!pool.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    static ThreadFactory daemons(String name) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        var pool = new ThreadPoolExecutor(
                threads, threads, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
