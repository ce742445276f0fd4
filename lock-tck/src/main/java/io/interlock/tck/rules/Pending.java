// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Lease;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What rules ask of asynchronous acquisitions. */
final class Pending {
    private Pending() {}

    /** The lease, which must come. */
    static Lease get(Trial trial, CompletableFuture<Lease> future, String what) throws Exception {
        Duration bound = trial.bounds().generous().dividedBy(4);
        try {
            return future.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new TimingError("acquireAsync of " + what + " has not completed within " + bound.toMillis() + " ms");
        }
    }

    /** What a future failed with. */
    static Throwable failureOf(Trial trial, CompletableFuture<Lease> future, String what) throws Exception {
        Lease lease;
        try {
            lease = get(trial, future, what);
        } catch (ExecutionException failed) {
            return Optional.ofNullable(failed.getCause()).orElse(failed);
        } catch (CancellationException cancelled) {
            return cancelled;
        }
        throw new AssertionError(what + " completed " + (lease == null ? "without anything" : "with a lease"));
    }
}
