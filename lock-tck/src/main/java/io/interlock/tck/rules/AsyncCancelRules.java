// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** §9: acquisitions that are cancelled, or come to a closed client. */
public class AsyncCancelRules {
    private static final int RACES = 1000;
    private static final Duration RACE_TIME = Duration.ofSeconds(10);

    @Rule("9.03")
    void r9_03_cancelledWaitLeavesNothingAndNeverAcquires(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Optional<StoreInspector> store = trial.backend().store();
        Lease held = trial.take(trial.client().lock(name));
        int entries = store.map(s -> s.entries(name)).orElse(0);
        var pending = new ArrayList<CompletableFuture<Lease>>();
        for (int i = 0; i < 3; i++) {
            pending.add(client.lock(name).acquireAsync());
            pending.add(client.lock(name).acquireAsync(trial.bounds().generous()));
        }
        if (store.isPresent()) {
            trial.eventually(
                    trial.bounds().generous(),
                    "pending acquisitions of '" + name + "' in the store",
                    () -> store.get().waiters(name).orElse(1) > 0);
        }
        pending.forEach(future -> future.cancel(true));
        if (store.isPresent()) {
            trial.eventually(
                    trial.bounds().slack(),
                    "cancelled acquisitions of '" + name + "' have left nothing in the store",
                    () -> store.get().entries(name) == entries);
        }
        held.release();
        DistributedLock other = trial.client().lock(name);
        Served.free(trial, other, trial.bounds().wakeUp(), "after its release: everybody else has cancelled")
                .release();
        for (int i = 0; i < 50; i++) {
            trial.pass(Duration.ofMillis(2)); // so that whoever should not be there had the time to come
            trial.take(other).release();
        }
    }

    @Rule("9.04")
    void r9_04_cancelThatRacesTheGrantStrandsNothing(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock holder = trial.client().lock(name);
        DistributedLock waiter = trial.client().lock(name);
        Race.rounds(RACES, RACE_TIME, () -> {
            Lease held = Served.free(
                    trial, holder, trial.bounds().wakeUp(), "after a cancellation that raced the grant to a waiter");
            CompletableFuture<Lease> future = waiter.acquireAsync(trial.bounds().generous());
            Race.run(trial, held::release, () -> future.cancel(true));
            if (!future.isCancelled()) {
                Pending.get(trial, future, "lock '" + name + "', granted before it was cancelled")
                        .release();
            }
        });
        Served.free(trial, holder, trial.bounds().wakeUp(), "after the last cancellation")
                .release();
    }

    @Rule("9.07")
    void r9_07_closedClientAndEarlyCancelAreToldByTheFuture(Trial trial) throws Exception {
        DistributedLock cancelled = trial.lock();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Lease> future = cancelled.acquireAsync();
            if (!future.cancel(true)) {
                Pending.get(trial, future, "a free lock").release(); // it was granted before
            }
        }
        Served.free(
                        trial,
                        trial.client().lock(cancelled.name()),
                        trial.bounds().wakeUp(),
                        "after acquisitions that were cancelled at once")
                .release();
        LockClient client = trial.client();
        DistributedLock lock = client.lock(trial.name());
        client.close();
        for (boolean timed : new boolean[] {true, false}) {
            CompletableFuture<Lease> future;
            try {
                future = timed ? lock.acquireAsync(Duration.ofSeconds(1)) : lock.acquireAsync();
            } catch (RuntimeException thrown) {
                throw new AssertionError(
                        "acquireAsync of a closed client threw, instead of telling by its future: "
                                + WaitingCall.told(thrown),
                        thrown);
            }
            Throwable failure = Pending.failureOf(trial, future, "acquireAsync of a closed client");
            if (!(failure instanceof IllegalStateException)) {
                throw new AssertionError(
                        "acquireAsync of a closed client told something else: " + WaitingCall.told(failure), failure);
            }
        }
    }
}
