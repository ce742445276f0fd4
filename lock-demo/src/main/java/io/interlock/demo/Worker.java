// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** The work of one worker process: several threads that share one client. */
final class Worker {
    /** More threads than a worker can have. */
    private static final long THREADS = 1000;

    private final WorkerOrder order;

    Worker(WorkerOrder order) {
        this.order = order;
    }

    /**
     * Connects, waits for the start, and counts.
     *
     * @param start returns when all workers may begin
     */
    WorkerReport work(Start start) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(order.threads());
        var finished = new ExecutorCompletionService<WorkerReport>(threads);
        try (var counter = SharedCounter.open(order.counter());
                Guard guard = Guard.of(order)) {
            start.await();
            for (int i = 0; i < order.threads(); i++) {
                finished.submit(new CountingThread(order.worker() * THREADS + i, guard, counter, order.time()));
            }
            return merged(finished);
        } finally {
            threads.shutdownNow();
        }
    }

    /** In the order in which they end, so that the first failure is the end of all. */
    private WorkerReport merged(CompletionService<WorkerReport> finished) throws IOException, InterruptedException {
        long increments = 0;
        Duration elapsed = Duration.ZERO;
        Histogram handovers = WorkerReport.newHistogram();
        for (int i = 0; i < order.threads(); i++) {
            WorkerReport report = resultOf(finished.take());
            increments += report.increments();
            elapsed = elapsed.compareTo(report.elapsed()) < 0 ? report.elapsed() : elapsed;
            handovers.add(report.handovers());
        }
        return new WorkerReport(increments, elapsed, handovers);
    }

    private static WorkerReport resultOf(Future<WorkerReport> thread) throws IOException, InterruptedException {
        try {
            return thread.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** The signal that all workers wait for. */
    interface Start {
        void await() throws IOException;
    }
}
