// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.tck.history.FencedRegister;
import io.interlock.tck.history.FencedRegister.Mode;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Holders that add to a fenced register, and some who come too late to write what they made of an old value. */
final class FencedUse {
    private static final int CLIENTS = 2;
    private static final int THREADS = 4;
    private static final int MOST_ROUNDS = 100;
    private static final Duration TIME = Duration.ofMillis(300);

    private final Trial trial;
    private final FencedRegister register = new FencedRegister(Mode.FENCED);
    private final List<LockClient> clients = new ArrayList<>();
    private final String name;

    private FencedUse(Trial trial) {
        this.trial = trial;
        name = trial.name();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(trial.client());
        }
    }

    static void of(Trial trial) throws Exception {
        var use = new FencedUse(trial);
        if (Holding.hasExpiry(trial)) {
            use.writeTooLate(trial.shortLease(), () -> {});
        } else if (trial.backend().store().isPresent()) {
            use.writeTooLate(LockOptions.defaults(), () -> trial.store().expire(use.name));
        }
        use.crowd();
        use.require();
    }

    /** One reads and stands still until its lease is over and another has written; then it writes. */
    private void writeTooLate(LockOptions options, Runnable end) throws Exception {
        Lease slow = trial.take(clients.get(0).lock(name, options));
        long token = slow.fencingToken();
        OptionalLong base = register.read("slow", token);
        end.run();
        DistributedLock lock = clients.get(1).lock(name);
        try (Lease next = lock.acquire(trial.bounds().generous())) {
            add("next", next);
        }
        base.ifPresent(value -> register.write("slow", token, value, value + 1));
        slow.release();
        require();
    }

    private void crowd() throws Exception {
        long end = trial.now() + TIME.toNanos();
        List<Actor<Integer>> members = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String who = "thread " + (i + 1);
            DistributedLock lock = clients.get(i % CLIENTS).lock(name);
            var random = new Random(trial.random().nextLong());
            members.add(trial.start(() -> {
                int rounds = 0;
                while (trial.now() < end && rounds < MOST_ROUNDS) {
                    try (Lease lease = lock.acquire(trial.bounds().generous())) {
                        add(who, lease);
                    }
                    trial.pass(Duration.ofNanos(random.nextInt(200_000)));
                    rounds++;
                }
                return rounds;
            }));
        }
        for (Actor<Integer> member : members) {
            member.get();
        }
    }

    /** Adds one, and demands that who surely holds the lock is not taken for somebody of the past. */
    private void add(String who, Lease lease) {
        long token = lease.fencingToken();
        OptionalLong base = register.read(who, token);
        LockSupport.parkNanos(1); // lets others in between
        boolean written = base.isPresent() && register.write(who, token, base.getAsLong(), base.getAsLong() + 1);
        if (!written && lease.isHeld()) {
            throw new AssertionError("14.05 lock '" + name + "': the fenced register refused " + who + ", which holds"
                    + " the lock with token " + token + ", since it has seen a larger token");
        }
    }

    private void require() {
        var violations = register.violations();
        if (!violations.isEmpty()) {
            throw new AssertionError("lock '" + name + "': " + JudgedHistory.words(violations));
        }
    }
}
