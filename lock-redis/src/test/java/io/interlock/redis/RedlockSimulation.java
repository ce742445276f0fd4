// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One schedule of clients and nodes, drawn from a seed: messages that are late, lost or come twice; nodes that crash, with
 * and without their data; clocks that differ, drift and step; an operator who deletes the lock. Confined to one thread.
 *
 * <p>Times are scaled: a lease is a tenth of a second, a day of a fence as long.
 */
final class RedlockSimulation {
    static final Duration LEASE = Duration.ofMillis(100);
    static final long DAY_MICROS = 100_000;
    private static final int CLIENTS = 3;
    private static final long SCHEDULE_MICROS = 700_000;

    /** Shorter than half a lease: what is sent in the schedule arrives, or never does, and all that is undone can be. */
    private static final long CALM_MICROS = 45_000;

    /** A message is on its way for less than a lease: an undone id is blocked for one. */
    private static final int LONGEST_DELAY_MICROS = 80_000;

    private static final double MAX_DRIFT = 0.0135; // of a clock; two of them differ by less than validity allows for
    private static final int MAX_SKEW_MICROS = 100_000;
    private static final int MAX_STEP_MICROS = 40_000;
    private static final long EPOCH_MICROS = 1_750_000_000_000_000L;

    /** The longest lease and what clocks may differ, steps included. */
    private static final long RESTART_DELAY_MICROS = 100_000 + 2 * (MAX_SKEW_MICROS + MAX_STEP_MICROS);

    private final SplittableRandom random;
    private final Settings settings;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Machine> machines = new ArrayList<>();
    private final List<SimulatedRedlockClient> clients = new ArrayList<>();
    private final RedlockJudge judge;
    private final Quorum quorum;
    private final int tokensPerGrant;
    private long now;
    private long sent;
    private boolean calm;

    /**
     * What a schedule may do.
     *
     * @param plant what is wrong with the protocol
     * @param steps whether nodes' clocks step by more than validity allows for
     * @param exclusion whether two holders at a time, and a key that is left, are violations, or only tokens are judged
     */
    record Settings(RedlockPlant plant, boolean steps, boolean exclusion) {
        static Settings of(RedlockPlant plant) {
            return new Settings(plant, false, true);
        }

        static Settings withSteps(RedlockPlant plant) {
            return new Settings(plant, true, false);
        }
    }

    /** What went wrong, if anything did; and how much went right. */
    record Result(Optional<String> violation, int grants) {}

    /** A node, where it runs. */
    private static final class Machine {
        final SimulatedNode node;
        final double rate;
        final long skew;
        long step;
        long votesFrom;
        boolean down;

        Machine(SimulatedNode node, double rate, long skew) {
            this.node = node;
            this.rate = rate;
            this.skew = skew;
        }

        long clock(long now) {
            return EPOCH_MICROS + skew + step + (long) (now * rate);
        }
    }

    private record Event(long time, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return time == other.time ? Long.compare(number, other.number) : Long.compare(time, other.time);
        }
    }

    /** What a node answers to a message. */
    interface Command<A> {
        A at(SimulatedNode node);
    }

    /** Who gets the answer. */
    interface Reply<A> {
        void take(A answer);
    }

    RedlockSimulation(long seed, Settings settings) {
        this.random = new SplittableRandom(seed);
        this.settings = settings;
        int nodes = random.nextInt(3) == 0 ? 5 : 3;
        tokensPerGrant = random.nextBoolean() ? 1 : 16;
        boolean offByOne = settings.plant() == RedlockPlant.MAJORITY_OFF_BY_ONE;
        quorum = offByOne ? new Quorum(nodes, nodes / 2) : Quorum.of(nodes);
        judge = new RedlockJudge(settings.exclusion(), quorum);
        for (int i = 0; i < nodes; i++) {
            long skew = random.nextInt(-MAX_SKEW_MICROS, MAX_SKEW_MICROS + 1);
            machines.add(new Machine(new SimulatedNode(settings.plant(), DAY_MICROS), rate(), skew));
        }
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SimulatedRedlockClient(this, judge, settings.plant(), random, i, rate()));
        }
    }

    Result run() {
        clients.forEach(client -> later(random.nextInt(5_000), client::begin));
        disturb();
        runUntil(SCHEDULE_MICROS);
        calm = true;
        machines.forEach(machine -> machine.down = false);
        hurry();
        clients.forEach(SimulatedRedlockClient::end);
        runUntil(SCHEDULE_MICROS + CALM_MICROS);
        machines.forEach(this::look);
        if (settings.exclusion()) {
            machines.forEach(machine -> machine.node.owner().ifPresent(judge::leftOver));
        }
        return new Result(judge.violation(), judge.grants());
    }

    Quorum quorum() {
        return quorum;
    }

    int tokensPerGrant() {
        return tokensPerGrant;
    }

    boolean isCalm() {
        return calm;
    }

    long now() {
        return now;
    }

    void later(long micros, Runnable action) {
        events.add(new Event(now + micros, sent++, action));
    }

    /**
     * Sends a command, and the answer back.
     *
     * @param votes whether it is one that a node which has lost its data does not answer for a while
     */
    <A> void send(int index, boolean votes, Command<A> command, Reply<A> reply) {
        Machine machine = machines.get(index);
        for (int copies = copies(); copies > 0; copies--) {
            later(delay(), () -> {
                boolean young = votes && machine.clock(now) < machine.votesFrom;
                if (machine.down || (young && settings.plant() != RedlockPlant.NO_RESTART_DELAY)) {
                    return;
                }
                look(machine);
                A answer = command.at(machine.node);
                for (int echoes = copies(); echoes > 0; echoes--) {
                    later(delay(), () -> reply.take(answer));
                }
            });
        }
    }

    private void runUntil(long end) {
        for (Event next = events.peek(); next != null && next.time() <= end; next = events.peek()) {
            events.poll();
            now = next.time();
            if (judge.violation().isPresent()) {
                return;
            }
            next.action().run();
        }
        now = end;
    }

    /** What is on its way arrives within the calm. */
    private void hurry() {
        var late = new ArrayList<>(events);
        events.clear();
        late.forEach(event -> events.add(new Event(now + (event.time() - now) / 8, event.number(), event.action())));
    }

    private void look(Machine machine) {
        machine.node.at(machine.clock(now));
    }

    private void disturb() {
        later(20_000 + random.nextInt(60_000), () -> {
            if (!calm) {
                happen(machines.get(random.nextInt(machines.size())));
                disturb();
            }
        });
    }

    private void happen(Machine machine) {
        switch (random.nextInt(10)) {
            case 0, 1 -> crash(machine, false);
            case 2 -> crash(machine, true);
            case 3, 4, 5 -> operatorDeletes();
            case 6, 7 -> clients.forEach(client -> client.idleFor(2 * DAY_MICROS / 3));
            default -> {
                if (settings.steps()) {
                    machine.step = random.nextInt(-MAX_STEP_MICROS, MAX_STEP_MICROS + 1);
                }
            }
        }
    }

    private void crash(Machine machine, boolean losesItsData) {
        machine.down = true;
        later(random.nextInt(60_000), () -> {
            machine.down = false;
            if (losesItsData) {
                machine.node.lose();
                machine.votesFrom = machine.clock(now) + RESTART_DELAY_MICROS;
            }
        });
    }

    /** At all nodes in one moment; a grant that a majority had confirmed by then is lost by the operator's doing. */
    private void operatorDeletes() {
        judge.operatorDeletes();
        machines.forEach(machine -> {
            look(machine);
            machine.node.delete();
        });
    }

    private int copies() {
        int drawn = calm ? 99 : random.nextInt(100);
        return drawn < 3 ? 0 : drawn < 6 ? 2 : 1;
    }

    private long delay() {
        int drawn = calm ? 50 : random.nextInt(100);
        if (drawn < 2) {
            return random.nextInt(LONGEST_DELAY_MICROS);
        }
        if (drawn < 12) {
            return random.nextInt(20_000);
        }
        return 20L + random.nextInt(drawn < 50 ? 2_000 : 200);
    }

    /** The worst that is allowed, or less. */
    private double rate() {
        double drift = random.nextBoolean() ? MAX_DRIFT : random.nextDouble() * MAX_DRIFT;
        return random.nextBoolean() ? 1 + drift : 1 - drift;
    }
}
