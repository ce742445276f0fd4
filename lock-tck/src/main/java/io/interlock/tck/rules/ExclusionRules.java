// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** §2: never two at once, whoever comes and whenever. */
public class ExclusionRules {
    /** Backends that poll get through fewer turns; time ends them. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(3);

    private static final Duration BETWEEN_TRIES = Duration.ofNanos(500_000);

    private static final int BURSTS = 100;
    private static final int EXPIRY_BURSTS = 3;
    private static final int HAND_OFFS = 200;

    @Rule("2.01")
    void r2_01_exclusionOfThreads(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        DistributedLock shared = client.lock(name);
        var crowd = new Crowd(trial, name, LONG_ENOUGH);
        for (int i = 0; i < 8; i++) {
            crowd.waiter(shared, 25);
            crowd.waiter(client.lock(name), 25);
        }
        crowd.join();
    }

    @Rule("2.02")
    void r2_02_exclusionOfClients(Trial trial) throws Exception {
        String name = trial.name();
        var crowd = new Crowd(trial, name, LONG_ENOUGH);
        for (LockClient client : clients(trial, 8)) {
            crowd.waiter(client.lock(name), 20);
            crowd.waiter(client.lock(name), 20);
        }
        crowd.join();
    }

    @Rule("2.09")
    void r2_09_burstHasOneWinner(Trial trial) throws Exception {
        String name = trial.name();
        var burst = new Burst<>(trial, asking(trial, name, lock -> lock.tryAcquire()));
        boolean someoneMust = !trial.declares(Capability.QUORUM);
        for (int i = 0; i < BURSTS; i++) {
            burst.oneWinner(name, "in round " + (i + 1), someoneMust).ifPresent(Lease::release);
        }
    }

    @Rule("2.10")
    void r2_10_burstOnAnExpiredEntryHasOneWinner(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock holder = trial.client().lock(name, trial.shortLease());
        var won = new AtomicBoolean();
        boolean someoneMust = !trial.declares(Capability.QUORUM);
        var burst = new Burst<>(trial, asking(trial, name, lock -> untilWon(trial, lock, won, someoneMust)));
        int winners = 0;
        for (int i = 0; i < EXPIRY_BURSTS; i++) {
            won.set(false);
            Lease over = trial.take(holder);
            trial.eventually(
                    trial.bounds().lease(),
                    "the lease of '" + name + "' is nearly over",
                    () -> over.remaining().compareTo(Duration.ofMillis(20)) < 0);
            Optional<Lease> winner =
                    burst.oneWinner(name, "when a lease had just run out, in round " + (i + 1), someoneMust);
            winner.ifPresent(Lease::release);
            winners += winner.isPresent() ? 1 : 0;
            over.release();
        }
        Expect.that(
                winners > 0,
                "lock '" + name + "' was granted to nobody in " + EXPIRY_BURSTS
                        + " rounds after its lease had run out");
    }

    /** Asks until somebody was granted, and then once more; or as long as votes are split at most. */
    private static Optional<Lease> untilWon(Trial trial, DistributedLock lock, AtomicBoolean won, boolean someoneMust)
            throws InterruptedException {
        Duration bound = trial.bounds().lease().plus(trial.bounds().crashRelease());
        long start = trial.now();
        while (!won.get()) {
            Optional<Lease> lease = lock.tryAcquire();
            if (lease.isPresent()) {
                won.set(true);
                return lease;
            }
            trial.pass(BETWEEN_TRIES);
            if (someoneMust) {
                trial.assertWithin(
                        bound, start, "to grant lock '" + lock.name() + "' after the lease of its holder ran out");
            } else if (trial.now() - start > bound.toNanos()) {
                return Optional.empty();
            }
        }
        return lock.tryAcquire();
    }

    private interface Try {
        Optional<Lease> of(DistributedLock lock) throws Exception;
    }

    /** 32 threads of 4 clients. */
    private static List<Callable<Optional<Lease>>> asking(Trial trial, String name, Try attempt) {
        var asking = new ArrayList<Callable<Optional<Lease>>>();
        for (LockClient client : clients(trial, 4)) {
            DistributedLock lock = client.lock(name);
            for (int i = 0; i < 8; i++) {
                asking.add(() -> attempt.of(lock));
            }
        }
        return asking;
    }

    @Rule("2.11")
    void r2_11_waitersAndNewcomersExcludeEachOther(Trial trial) throws Exception {
        String name = trial.name();
        var crowd = new Crowd(trial, name, LONG_ENOUGH);
        for (LockClient client : clients(trial, 4)) {
            crowd.waiter(client.lock(name), 50);
            crowd.newcomer(client.lock(name), 50);
        }
        crowd.join();
    }

    @Rule("2.18")
    void r2_18_releaseHappensBeforeTheNextAcquire(Trial trial) throws Exception {
        String name = trial.name();
        var written = new Written(name);
        var actors = new ArrayList<Actor<Integer>>();
        long end = trial.now() + LONG_ENOUGH.toNanos();
        Duration limit = trial.bounds().generous();
        for (LockClient client : clients(trial, 2)) {
            for (int i = 0; i < 2; i++) {
                DistributedLock lock = client.lock(name);
                actors.add(trial.start(() -> {
                    int done = 0;
                    while (done < HAND_OFFS && trial.now() < end) {
                        try (Lease lease = lock.tryAcquire(limit)
                                .orElseThrow(() -> new TimingError(
                                        "lock '" + name + "' was not granted within " + limit.toMillis() + " ms"))) {
                            written.next(lease.lockName());
                        }
                        done++;
                    }
                    return done;
                }));
            }
        }
        int uses = 0;
        for (Actor<Integer> actor : actors) {
            uses += actor.get(limit.multipliedBy(2));
        }
        written.assertWritten(uses);
    }

    @Rule("2.22")
    void r2_22_quorumIsAMajority(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock alone = trial.client().lock(name);
        Lease first = trial.take(alone);
        int held = Residue.of(trial, name);
        first.release();
        var burst = new Burst<>(trial, asking(trial, name, lock -> lock.tryAcquire()));
        for (int i = 0; i < BURSTS; i++) {
            Optional<Lease> winner =
                    burst.oneWinner(name, "in round " + (i + 1) + ", each perhaps with some nodes", false);
            if (winner.isPresent() && winner.get().remaining().isZero()) {
                throw new AssertionError("lock '" + name + "' was granted with no validity left");
            }
            int left = winner.isPresent() ? held : 0;
            trial.eventually(
                    trial.bounds().crashRelease(),
                    "attempts on lock '" + name + "' that got no majority are undone on every node, so that it keeps "
                            + left + " entries",
                    () -> Residue.of(trial, name) <= left);
            winner.ifPresent(Lease::release);
            Way.TIMED_TRY.hold(alone, trial.bounds().crashRelease(), () -> {}); // nothing of theirs is in its way
        }
    }

    private static List<LockClient> clients(Trial trial, int count) {
        return Stream.generate(trial::client).limit(count).toList();
    }
}
