// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Threads that use what one lock guards, over and over, until all have had enough, time is up, or one has failed. */
final class Crowd {
    private static final long LONGEST_HOLD = Duration.ofNanos(200_000).toNanos();

    private final Trial trial;
    private final Guarded guarded;
    private final long end;
    private final List<Actor<Integer>> actors = new ArrayList<>();
    private volatile boolean stopped;

    Crowd(Trial trial, String name, Duration limit) {
        this.trial = trial;
        guarded = new Guarded(name);
        end = trial.now() + limit.toNanos();
    }

    /** How a member asks for the lock. */
    interface Asking {
        Optional<Lease> ask() throws Exception;
    }

    /** Adds a thread that waits for its turns. */
    void waiter(DistributedLock lock, int turns) {
        Duration limit = trial.bounds().generous();
        member(turns, () -> {
            Optional<Lease> lease = lock.tryAcquire(limit);
            if (lease.isEmpty()) {
                throw new TimingError("a waiter for '" + lock.name() + "' was not served within " + limit.toMillis()
                        + " ms, though nobody held it for long");
            }
            return lease;
        });
    }

    /** Adds a thread that comes along every now and then, and does not wait. */
    void newcomer(DistributedLock lock, int turns) {
        member(turns, () -> {
            Optional<Lease> lease = lock.tryAcquire();
            if (lease.isEmpty()) {
                trial.pass(Duration.ofNanos(100_000));
            }
            return lease;
        });
    }

    private void member(int turns, Asking asking) {
        var random = new Random(trial.random().nextLong());
        String who = "thread " + (actors.size() + 1);
        actors.add(trial.start(() -> {
            try {
                return use(who, turns, asking, random);
            } catch (Throwable e) {
                stopped = true;
                throw e;
            }
        }));
    }

    private int use(String who, int turns, Asking asking, Random random) throws Exception {
        int done = 0;
        while (done < turns && !stopped && trial.now() < end) {
            Optional<Lease> lease = asking.ask();
            if (lease.isPresent()) {
                try (Lease held = lease.get()) {
                    guarded.use(who + " (" + held.state() + ")", random.nextLong(LONGEST_HOLD));
                }
                done++;
            }
        }
        return done;
    }

    /** Waits for all, and demands that none met another. */
    void join() throws Exception {
        int uses = 0;
        for (Actor<Integer> actor : actors) {
            uses += actor.get(trial.bounds().generous().multipliedBy(2));
        }
        guarded.assertCounted(uses);
    }
}
