// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The ways in which an acquisition ends without a lease, each done for a lock that another client holds. */
final class Uses {
    private static final Duration MOMENT = Duration.ofMillis(2);

    private final Trial trial;
    private final LockClient client;
    private final String held;

    Uses(Trial trial, LockClient client, String held) {
        this.trial = trial;
        this.client = client;
        this.held = held;
    }

    /** All of them, some times. */
    void each(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            refused();
            timedOut();
            cancelled();
            badArgument();
        }
        interrupted();
    }

    void refused() {
        trial.assertRefused(client.lock(held), "another client holds it");
    }

    void timedOut() throws InterruptedException {
        Optional<Lease> lease = client.lock(held).tryAcquire(MOMENT);
        Expect.that(lease.isEmpty(), "lock '" + held + "' was granted although another client holds it");
    }

    void interrupted() throws Exception {
        Actor<?> waiter = trial.start(() -> client.lock(held).acquire());
        trial.awaitWaiting(held, 1, waiter);
        waiter.interrupt();
        Throwable ended = waiter.failure();
        Expect.that(ended instanceof InterruptedException, "an interrupted wait failed with " + Expect.words(ended));
    }

    void cancelled() {
        CompletableFuture<Lease> future = client.lock(held).acquireAsync();
        Expect.that(future.cancel(true), "a wait without end could not be cancelled");
    }

    void badArgument() {
        DistributedLock lock = client.lock(held);
        Expect.refused(IllegalArgumentException.class, "a negative wait", () -> lock.tryAcquire(Duration.ofMillis(-1)));
    }
}
