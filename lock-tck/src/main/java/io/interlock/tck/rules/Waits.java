// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryRecorder;
import io.interlock.tck.history.RecordedLease;
import io.interlock.tck.history.RecordedLock;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records waiters that are served: after releases, after the end of a client, and after leases that ran out. */
final class Waits {
    private static final int CLIENTS = 3;
    private static final int MOST_ROUNDS = 30;
    private static final int CRASHES = 2;
    private static final Duration TIME = Duration.ofMillis(500);

    private final Trial trial;
    private final HistoryRecorder recorder = new HistoryRecorder();

    private Waits(Trial trial) {
        this.trial = trial;
    }

    static History of(Trial trial) throws Exception {
        var waits = new Waits(trial);
        waits.handOffs();
        for (int i = 0; i < CRASHES; i++) {
            waits.crash("crashing-" + i);
        }
        if (Holding.hasExpiry(trial)) {
            waits.expiry();
        }
        return waits.recorder.history(RecordedRun.header(trial));
    }

    private RecordedLock lock(String process, LockClient client, String name, LockOptions options) {
        return recorder.lock(process, client.lock(name, options));
    }

    private void handOffs() throws Exception {
        String name = trial.name();
        long end = trial.now() + TIME.toNanos();
        List<Actor<Integer>> members = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            RecordedLock lock = lock("waiting-" + i, trial.client(), name, LockOptions.defaults());
            members.add(trial.start(() -> {
                int rounds = 0;
                while (rounds < MOST_ROUNDS && trial.now() < end) {
                    try (RecordedLease lease = lock.acquire()) {
                        lease.observe();
                        trial.pass(Duration.ofMillis(1));
                    }
                    rounds++;
                }
                return rounds;
            }));
        }
        for (Actor<Integer> member : members) {
            member.get();
        }
    }

    /** A client ends while it holds a lock that another one waits for. */
    private void crash(String process) throws Exception {
        String name = trial.name();
        LockClient client = trial.client();
        hold(lock(process, client, name, LockOptions.defaults()));
        Actor<RecordedLease> waiting = waiter(process + "-successor", name);
        recorder.killed(process);
        client.close();
        waiting.get().release();
    }

    private void expiry() throws Exception {
        String name = trial.name();
        RecordedLease former = hold(lock("short", trial.client(), name, trial.shortLease()));
        waiter("short-successor", name).get().release();
        former.release();
    }

    private static RecordedLease hold(RecordedLock lock) {
        return lock.tryAcquire().orElseThrow(() -> new AssertionError("a free lock was refused"));
    }

    private Actor<RecordedLease> waiter(String process, String name) throws Exception {
        RecordedLock lock = lock(process, trial.client(), name, LockOptions.defaults());
        Actor<RecordedLease> waiting = trial.start(lock::acquire);
        trial.awaitWaiting(name, 1, waiting);
        return waiting;
    }
}
