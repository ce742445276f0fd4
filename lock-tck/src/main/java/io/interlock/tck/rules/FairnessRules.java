// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.LockClient;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** §8: fairness. */
public class FairnessRules {
    private static final int WAITERS = 8;
    private static final int ROUNDS = 3;
    private static final int CONTENDERS = 4;
    private static final int GRANTS = 2000;
    private static final int LEAST_PERCENT = 5;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

    @Rule("8.01")
    void r8_01_waitersAreServedInOrder(Trial trial) throws Exception {
        String name = trial.name();
        List<LockClient> clients = clients(trial);
        for (int round = 0; round < ROUNDS; round++) {
            var line = new WaitingLine(trial, clients.get(0).lock(name));
            for (int i = 0; i < WAITERS; i++) {
                line.join("waiter " + (i + 1), clients.get(i % clients.size()).lock(name));
            }
            line.assertServedInOrder(trial.bounds().wakeUp());
        }
    }

    @Rule("8.03")
    void r8_03_newcomersDoNotOvertake(Trial trial) throws Exception {
        String name = trial.name();
        List<LockClient> clients = clients(trial);
        for (int round = 0; round < ROUNDS; round++) {
            var line = new WaitingLine(trial, clients.get(0).lock(name));
            for (int i = 0; i < 3; i++) {
                line.join("waiter " + (i + 1), clients.get(i).lock(name));
            }
            line.newcomer("a newcomer of another client", clients.get(3).lock(name), Duration.ZERO);
            line.newcomer("a newcomer of the holder's client", clients.get(0).lock(name), Duration.ZERO);
            line.newcomer("a newcomer with a short wait", clients.get(3).lock(name), Duration.ofMillis(2));
            line.assertServedInOrder(trial.bounds().wakeUp());
        }
    }

    @Rule("8.07")
    void r8_07_placeInTheQueueSurvivesAReset(Trial trial) throws Exception {
        List<LockClient> clients = clients(trial);
        var far = FarClient.over(trial);
        var line = new WaitingLine(trial, clients.get(0).lock(trial.name()));
        line.join("a waiter whose connections are reset", far.lock(line.name()));
        line.join("a second waiter", clients.get(1).lock(line.name()));
        far.link().reset();
        far.whenBack(() -> trial.take(far.lock(trial.name()))).release(); // connected again
        line.assertServedInOrder(trial.bounds().recheck().plus(trial.bounds().wakeUp()));
    }

    @Rule("8.04")
    void r8_04_waitersWhoLeftAreSkipped(Trial trial) throws Exception {
        String name = trial.name();
        List<LockClient> clients = clients(trial);
        var line = new WaitingLine(trial, clients.get(0).lock(name));
        Actor<Boolean> timedOut = line.joinFor(
                trial.bounds().slack().multipliedBy(2), trial.client().lock(name));
        line.join("waiter 1", clients.get(1).lock(name));
        Actor<Boolean> interrupted = line.joinInVain(clients.get(1).lock(name));
        LockClient dying = trial.client();
        Actor<Boolean> closed = line.joinInVain(dying.lock(name));
        line.join("waiter 2", clients.get(2).lock(name));
        line.join("waiter 3", clients.get(1).lock(name));
        interrupted.interrupt();
        interrupted.failure();
        dying.close();
        closed.failure();
        if (timedOut.get()) {
            throw new AssertionError("lock '" + name + "' was granted to a waiter while another held it");
        }
        line.assertServedInOrder(trial.bounds().wakeUp().plus(trial.bounds().crashRelease()));
    }

    @Rule("8.06")
    void r8_06_nobodyStarves(Trial trial) throws Exception {
        String name = trial.name();
        var total = new AtomicInteger();
        long end = trial.now() + LONG_ENOUGH.toNanos();
        var contenders = new ArrayList<Actor<Integer>>();
        for (LockClient client : clients(trial)) {
            DistributedLock lock = client.lock(name);
            contenders.add(trial.start(() -> {
                int mine = 0;
                while (total.get() < GRANTS && trial.now() < end) {
                    lock.acquire().close();
                    total.incrementAndGet();
                    mine++;
                }
                return mine;
            }));
        }
        int[] shares = new int[CONTENDERS];
        for (int i = 0; i < CONTENDERS; i++) {
            shares[i] = contenders.get(i).get(LONG_ENOUGH.plus(trial.bounds().generous()));
        }
        int least = Arrays.stream(shares).min().orElseThrow();
        int all = Arrays.stream(shares).sum();
        if (least * 100 < all * LEAST_PERCENT) {
            throw new TimingError("of " + all + " grants of lock '" + name + "' four equal contenders got "
                    + Arrays.toString(shares) + "; the least is " + LEAST_PERCENT + " % of all");
        }
    }

    private static List<LockClient> clients(Trial trial) {
        return Stream.generate(trial::client).limit(CONTENDERS).toList();
    }
}
