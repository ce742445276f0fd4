// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Clients and right stores in simulated time, with a network that delays and loses: its histories are valid. Confined
 * to one thread; the same seed makes the same history.
 */
final class Simulation {
    static final long MILLI = 1_000_000;
    static final long LEASE = 60 * MILLI;

    /**
     * What happens in a run. The rates are chances in a thousand.
     *
     * @param clients how many
     * @param locks how many
     * @param operations when the clients stop
     * @param fenced whether grants have tokens
     * @param think the longest pause of a client, in milliseconds
     * @param crash of a client while it holds the lock, or asks for it
     * @param lostAcquire answers to acquisitions that do not arrive
     * @param lostRelease releases, or answers to them, that do not arrive
     * @param oversleep of holders beyond their lease
     */
    record Plan(
            int clients,
            int locks,
            int operations,
            boolean fenced,
            int think,
            int crash,
            int lostAcquire,
            int lostRelease,
            int oversleep) {
        static Plan stormy(int operations) {
            return new Plan(5, 1, operations, true, 20, 10, 10, 20, 20);
        }

        static Plan calm(int operations) {
            return new Plan(5, 1, operations, true, 60, 0, 0, 0, 20);
        }

        Plan unfenced() {
            return new Plan(clients, locks, operations, false, think, crash, lostAcquire, lostRelease, oversleep);
        }

        Plan with(int moreClients, int moreLocks) {
            return new Plan(
                    moreClients, moreLocks, operations, fenced, think, crash, lostAcquire, lostRelease, oversleep);
        }
    }

    private record Todo(long at, long order, Runnable what) {}

    private final Plan plan;
    private final Random random;
    private final List<SimulatedStore> stores = new ArrayList<>();
    private final PriorityQueue<Todo> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Todo::at).thenComparingLong(Todo::order));
    private final List<HistoryEvent> events = new ArrayList<>();
    private long now = 7_000 * MILLI;
    private long order;
    private long ops;

    Simulation(long seed, Plan plan) {
        this.plan = plan;
        random = new Random(seed);
        for (int lock = 0; lock < plan.locks(); lock++) {
            stores.add(new SimulatedStore(LEASE));
        }
    }

    static List<HistoryEvent> run(long seed, Plan plan) {
        var simulation = new Simulation(seed, plan);
        for (int client = 1; client <= plan.clients(); client++) {
            simulation.new Client("c" + client, 1).think();
        }
        while (!simulation.agenda.isEmpty()) {
            Todo next = simulation.agenda.remove();
            simulation.now = next.at();
            next.what().run();
        }
        return simulation.events;
    }

    private void in(long delay, Runnable what) {
        agenda.add(new Todo(now + delay, order++, what));
    }

    private long upTo(long millis) {
        return 1 + (long) (random.nextDouble() * millis * MILLI);
    }

    private long travel() {
        return upTo(1);
    }

    private boolean chance(int perThousand) {
        return random.nextInt(1_000) < perThousand;
    }

    /** One process; after a crash another one takes its place. */
    private final class Client {
        private final String slot;
        private final int life;
        private String lock = "";
        private SimulatedStore store = stores.get(0);
        private long grant;
        private long token;
        private long claim;
        private Kind asked = Kind.TRY;
        private boolean dead;

        Client(String slot, int life) {
            this.slot = slot;
            this.life = life;
        }

        private String name() {
            return life == 1 ? slot : slot + "-" + life;
        }

        private long event(long op, Kind kind, Phase phase, long about, long validUntil, String note) {
            events.add(new HistoryEvent(
                    name(),
                    "main",
                    op,
                    kind,
                    phase,
                    now,
                    kind == Kind.KILL ? "" : lock,
                    about == 0 || !plan.fenced() ? OptionalLong.empty() : OptionalLong.of(token),
                    validUntil == 0 ? OptionalLong.empty() : OptionalLong.of(validUntil),
                    about == 0 || about == op ? OptionalLong.empty() : OptionalLong.of(about),
                    note));
            return op;
        }

        void think() {
            if (ops < plan.operations()) {
                in(upTo(plan.think()), this::acquire);
            }
        }

        private void acquire() {
            int which = random.nextInt(plan.locks());
            lock = "lock-" + which;
            store = stores.get(which);
            boolean waits = random.nextInt(3) > 0;
            long deadline = waits ? now + upTo(80) : now;
            asked = waits ? Kind.ACQUIRE : Kind.TRY;
            long op = event(++ops, asked, Phase.INVOKE, 0, 0, waits ? "waits" : "");
            if (chance(plan.crash())) {
                in(travel(), this::crash);
            }
            attempt(op, deadline);
        }

        private void attempt(long op, long deadline) {
            long sent = now;
            long owner = ++order;
            in(travel(), () -> {
                long granted = store.acquire(owner, now);
                if (chance(plan.lostAcquire())) {
                    in(upTo(20), () -> answerLost(op, owner));
                } else {
                    in(travel(), () -> answered(op, owner, granted, sent, deadline));
                }
            });
        }

        private void answerLost(long op, long owner) {
            in(upTo(40), () -> store.undo(owner, now));
            if (!dead) {
                event(op, asked, Phase.INFO, 0, 0, "no answer");
                think();
            }
        }

        private void answered(long op, long owner, long granted, long sent, long deadline) {
            if (dead) {
                return;
            }
            if (granted != 0) {
                token = granted;
                grant = op;
                claim = sent + LEASE;
                event(op, asked, Phase.OK, op, claim, "");
                hold(owner);
            } else if (now < deadline) {
                in(upTo(4), () -> {
                    if (!dead) {
                        attempt(op, deadline);
                    }
                });
            } else {
                event(op, Kind.TRY_FAIL, Phase.OK, 0, 0, "");
                think();
            }
        }

        private void hold(long owner) {
            if (chance(plan.crash())) {
                in(upTo(10), this::crash);
            }
            if (chance(plan.oversleep())) {
                in(LEASE + upTo(60), () -> wakeUpLate(owner));
            } else if (chance(200)) {
                in(upTo(10), () -> extend(owner));
            } else {
                in(upTo(15), () -> release(owner));
            }
        }

        private void wakeUpLate(long owner) {
            if (dead) {
                return;
            }
            if (random.nextBoolean()) {
                event(++ops, Kind.LOST, Phase.INFO, grant, 0, "EXPIRED");
            }
            release(owner);
        }

        private void extend(long owner) {
            if (dead) {
                return;
            }
            long op = event(++ops, Kind.EXTEND, Phase.INVOKE, grant, 0, "");
            long sent = now;
            in(travel(), () -> {
                boolean done = store.extend(owner, now);
                in(travel(), () -> extended(op, owner, done, sent));
            });
        }

        private void extended(long op, long owner, boolean done, long sent) {
            if (dead) {
                return;
            }
            event(op, Kind.EXTEND, done ? Phase.OK : Phase.FAIL, grant, done ? sent + LEASE : 0, "");
            hold(owner);
        }

        private void release(long owner) {
            if (dead) {
                return;
            }
            long op = event(++ops, Kind.RELEASE, Phase.INVOKE, grant, 0, "");
            boolean requestLost = chance(plan.lostRelease() / 2);
            boolean answerLost = requestLost || chance(plan.lostRelease() / 2);
            in(travel(), () -> {
                boolean done = !requestLost && store.release(owner, now);
                in(travel(), () -> released(op, owner, done, answerLost));
            });
        }

        private void released(long op, long owner, boolean done, boolean answerLost) {
            if (dead) {
                return;
            }
            if (answerLost) {
                in(upTo(200), () -> store.undo(owner, now));
                event(op, Kind.RELEASE, Phase.INFO, grant, 0, "no answer");
            } else {
                event(op, Kind.RELEASE, done ? Phase.OK : Phase.FAIL, grant, 0, done ? "" : "not held");
            }
            think();
        }

        private void crash() {
            if (!dead) {
                dead = true;
                event(++ops, Kind.KILL, Phase.INFO, 0, 0, "");
                new Client(slot, life + 1).think();
            }
        }
    }
}
