// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LockTimeoutException;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryHeader;
import io.interlock.tck.history.HistoryHeader.Refusals;
import io.interlock.tck.history.HistoryRecorder;
import io.interlock.tck.history.Op;
import io.interlock.tck.history.RecordedLease;
import io.interlock.tck.history.RecordedLock;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three clients of two threads each that use three locks for a moment, in every way that the backend allows, while
 * all they do and see is recorded. The first lock is only tried, so that most refusals can be judged exactly; waits for
 * the others are timed and untimed, and those for the last one are cancelled at times, too.
 */
final class RecordedRun {
    private static final int CLIENTS = 3;
    private static final int THREADS = 2;
    private static final int TRIED = 0;
    private static final int WAITED_FOR = 1;
    private static final int LOCKS = 3;

    /** Enough to find what is there; more would only keep the checker busy. */
    private static final int MOST_ROUNDS = 250;

    private static final int BURSTS = 20;

    /** Long enough for calls on a busy machine: each may take a third of it. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    private static final Duration MOMENT = Duration.ofMillis(300);

    private final Trial trial;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final List<LockClient> clients;
    private final List<String> names;

    /** What is to happen to the first lock's entry, done by whoever holds it next. */
    private final Queue<Consumer<String>> strikes = new ConcurrentLinkedQueue<>();

    private final long end;

    private RecordedRun(Trial trial) {
        this.trial = trial;
        clients = Stream.generate(trial::client).limit(CLIENTS).toList();
        names = Stream.generate(trial::name).limit(LOCKS).toList();
        end = trial.now() + time().toNanos();
    }

    /** Long enough for a lease to run out and for its lock to be used again. */
    private Duration time() {
        return Holding.hasExpiry(trial) ? trial.bounds().lease().plus(MOMENT) : MOMENT.multipliedBy(2);
    }

    /** Records a history. */
    static History of(Trial trial) throws Exception {
        var run = new RecordedRun(trial);
        run.refusedOnce();
        run.struckOnce();
        run.burstsOnExpiredEntries();
        run.join(IntStream.range(0, CLIENTS * THREADS).mapToObj(run::member).toList());
        return run.recorder.history(header(trial));
    }

    /** How the histories of a backend are judged. */
    static HistoryHeader header(Trial trial) {
        HistoryHeader header = HistoryHeader.of(
                trial.backend().id(),
                trial.settings().seed(),
                trial.bounds().lease(),
                trial.backend().timing());
        return trial.declares(Capability.QUORUM) ? header.withRefusals(Refusals.MEASURED) : header;
    }

    /** Whatever chance does, the history has a grant, and a refusal to judge. */
    private void refusedOnce() {
        lock(0, TRIED, options()).tryAcquire().ifPresent(lease -> {
            lock(1, TRIED, options()).tryAcquire().ifPresent(RecordedLease::release);
            lease.release();
        });
    }

    /** Whatever chance does, the history has the release of a grant that is gone. */
    private void struckOnce() {
        if (trial.backend().store().isPresent()) {
            lock(0, TRIED, options()).tryAcquire().ifPresent(lease -> {
                strike(trial.store()::delete);
                lease.release();
            });
        }
    }

    /** All want a lock whose entry is over: where looking and taking are two steps, they get into each other's way. */
    private void burstsOnExpiredEntries() throws Exception {
        if (trial.backend().store().isEmpty() || !Holding.hasExpiry(trial)) {
            return;
        }
        var burst = new Burst<>(
                trial,
                IntStream.range(0, CLIENTS * THREADS)
                        .mapToObj(number -> lock(number % CLIENTS, TRIED, options()))
                        .<Callable<Optional<RecordedLease>>>map(lock -> lock::tryAcquire)
                        .toList());
        for (int i = 0; i < BURSTS; i++) {
            Optional<RecordedLease> over = lock(0, TRIED, options()).tryAcquire();
            if (over.isPresent()) {
                strike(trial.store()::expire);
            }
            burst.round().forEach(RecordedLease::release);
            over.ifPresent(RecordedLease::release);
        }
    }

    private void strike(Consumer<String> end) {
        Op strike = recorder.expire(names.get(TRIED));
        end.accept(names.get(TRIED));
        strike.ok();
    }

    private Actor<Integer> member(int number) {
        var random = new Random(trial.random().nextLong());
        int client = number % CLIENTS;
        return trial.start(() -> {
            if (number % THREADS == 0 && Holding.hasExpiry(trial)) {
                letRunOut(client, random.nextInt(LOCKS));
            }
            int rounds = 0;
            while (trial.now() < end && rounds < MOST_ROUNDS) {
                round(client, random);
                rounds++;
            }
            return rounds;
        });
    }

    private void join(List<Actor<Integer>> members) throws Exception {
        if (trial.backend().store().isPresent()) {
            trial.pass(MOMENT.dividedBy(2));
            strikes.add(trial.store()::expire);
            trial.pass(MOMENT.dividedBy(4));
            strikes.add(trial.store()::delete);
        }
        for (Actor<Integer> member : members) {
            member.get();
        }
    }

    private RecordedLock lock(int client, int which, LockOptions options) {
        return recorder.lock("client-" + client, clients.get(client).lock(names.get(which), options));
    }

    /** What a broken backend leaves behind is to end soon after the run. */
    private LockOptions options() {
        return Holding.hasExpiry(trial) ? LockOptions.defaults().withLease(LEASE) : LockOptions.defaults();
    }

    private void round(int client, Random random) throws InterruptedException {
        int which = random.nextInt(LOCKS);
        Optional<RecordedLease> lease = ask(lock(client, which, options()), which, random);
        if (lease.isPresent()) {
            use(lease.get(), random);
            if (which == TRIED) {
                Optional.ofNullable(strikes.poll()).ifPresent(this::strike);
            }
            lease.get().release();
        }
        trial.pass(upTo(2000, random));
    }

    private static Optional<RecordedLease> ask(RecordedLock lock, int which, Random random)
            throws InterruptedException {
        if (which == TRIED) {
            return random.nextBoolean() ? lock.tryAcquire() : lock.tryAcquire(Duration.ZERO);
        }
        return switch (random.nextInt(5)) {
            case 0 -> lock.tryAcquire();
            case 1 -> lock.tryAcquire(upTo(5000, random));
            case 2 -> acquireWithin(upTo(5000, random), lock);
            case 3 -> which == WAITED_FOR ? Optional.of(lock.acquire()) : lock.acquireOrCancel(upTo(3000, random));
            default -> Optional.of(lock.acquire());
        };
    }

    private static Optional<RecordedLease> acquireWithin(Duration wait, RecordedLock lock) throws InterruptedException {
        try {
            return Optional.of(lock.acquire(wait));
        } catch (LockTimeoutException refused) {
            return Optional.empty();
        }
    }

    private void use(RecordedLease lease, Random random) throws InterruptedException {
        switch (random.nextInt(6)) {
            case 0 -> renew(lease);
            case 1 -> lease.observe();
            default -> trial.pass(upTo(1000, random));
        }
    }

    private void renew(RecordedLease lease) {
        if (trial.declares(Capability.EXTEND)) {
            lease.renew(trial.bounds().lease().multipliedBy(2));
        }
    }

    /** Holds a lock until its lease is over, and gives back what may be somebody else's by then. */
    private void letRunOut(int client, int which) throws InterruptedException {
        Optional<RecordedLease> lease = lock(client, which, trial.shortLease()).tryAcquire();
        if (lease.isPresent()) {
            while (lease.get().lease().isHeld()) {
                trial.pass(Duration.ofMillis(5));
            }
            trial.pass(Duration.ofMillis(20)); // so that another may have it
            lease.get().release();
        }
    }

    private static Duration upTo(int micros, Random random) {
        return Duration.ofNanos(1000L * random.nextInt(micros));
    }
}
