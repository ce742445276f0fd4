// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** What stands around the counter: a lock, or nothing in the control run. Thread-safe. */
interface Guard extends AutoCloseable {
    /**
     * Runs a body alone, or so it hopes.
     *
     * @return whether it ran; not if the wait was over before
     */
    boolean run(Body body, Duration maxWait) throws IOException, InterruptedException;

    @Override
    void close();

    /** The guard that a worker is ordered to use. */
    static Guard of(WorkerOrder order) {
        return order.uri().map(uri -> withLock(uri, order.lockName())).orElseGet(Guard::none);
    }

    private static Guard none() {
        return new Guard() {
            @Override
            public boolean run(Body body, Duration maxWait) throws IOException {
                body.run();
                return true;
            }

            @Override
            public void close() {}
        };
    }

    private static Guard withLock(String uri, String name) {
        LockClient client = LockClient.open(uri);
        DistributedLock lock = client.lock(name);
        return new Guard() {
            @Override
            public boolean run(Body body, Duration maxWait) throws IOException, InterruptedException {
                Optional<Lease> granted = lock.tryAcquire(maxWait);
                if (granted.isEmpty()) {
                    return false;
                }
                try (Lease lease = granted.get()) {
                    body.run();
                    lease.ensureHeld();
                }
                return true;
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** What is done inside. */
    interface Body {
        void run() throws IOException;
    }
}
