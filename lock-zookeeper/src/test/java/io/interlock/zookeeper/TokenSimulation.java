// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One schedule of several clients, servers that lag, fail and change their leader, and an administrator: all of it drawn
 * from a seed. Confined to one thread.
 */
final class TokenSimulation {
    private static final int CLIENTS = 4;
    private static final int STEPS = 400;
    private static final long SKEW_MICROS = 200_000;

    private final Random random;
    private final Settings settings;
    private final SimulatedEnsemble ensemble;
    private final TokenJudge judge;
    private final List<SimulatedContender> clients = new ArrayList<>();
    private int sessions;

    /**
     * What a schedule may do.
     *
     * @param plant what is wrong with the clients
     * @param containers whether the lock's node is removed when it is empty
     * @param clocksAgree whether a container stands idle for longer than the leaders' clocks differ before it is removed
     */
    record Settings(Plant plant, boolean containers, boolean clocksAgree) {
        static Settings of(Plant plant) {
            return new Settings(plant, true, true);
        }
    }

    TokenSimulation(long seed, Settings settings) {
        this.random = new Random(seed);
        this.settings = settings;
        ensemble = new SimulatedEnsemble(random.nextBoolean() ? 0 : Integer.MAX_VALUE - random.nextInt(20));
        judge = new TokenJudge(ensemble);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SimulatedContender(++sessions, ensemble, judge, random, settings.plant()));
        }
    }

    /** What went wrong, if anything did; and how much went right. */
    record Result(Optional<String> violation, int grants) {}

    Result run() {
        for (int i = 0; i < STEPS && judge.violation().isEmpty(); i++) {
            ensemble.pass(50 + random.nextInt(2_000));
            SimulatedContender client = clients.get(random.nextInt(CLIENTS));
            int what = random.nextInt(100);
            if (what < 86) {
                client.go();
            } else if (what < 89) {
                client.loseConnection();
            } else if (what < 90) {
                client.crash();
            } else {
                happens(what);
            }
            judge.notice();
        }
        return new Result(judge.violation(), judge.grants());
    }

    private void happens(int what) {
        switch (what) {
            case 90, 91 -> endSessions();
            case 92 -> ensemble.pass(random.nextInt(5_000_000));
            case 93 -> electLeader();
            case 94, 95, 96 -> administratorDeletes();
            case 97 -> ensemble.create(0, "foreign-");
            case 98 -> operatorForces();
            default -> removeContainer();
        }
    }

    /** As {@link Holders#forceRelease}, with the token of whoever is first in line. */
    private void operatorForces() {
        SimulatedEnsemble.Tree tree = ensemble.latest();
        List<ContenderNode> line = ContenderNode.inLine(tree.children().keySet());
        Optional<Fence> fence = tree.pair().fence();
        if (!line.isEmpty() && fence.isPresent()) {
            ContenderNode first = line.get(0);
            long token = TokenRule.token(fence.get(), first.sequence());
            ensemble.deleteAndSet(
                    first.name(),
                    TokenRule.byForce(token, first.sequence()),
                    tree.pair().version());
        }
    }

    /** Of those that crashed; or of one that is merely slow. */
    private void endSessions() {
        SimulatedContender slow = clients.get(random.nextInt(CLIENTS));
        for (SimulatedContender client : clients) {
            if (client.isDead()) {
                ensemble.expire(client.session());
                client.revive(++sessions);
            } else if (client == slow && random.nextInt(3) == 0) {
                ensemble.expire(client.session());
            }
        }
    }

    private void electLeader() {
        ensemble.electLeader(random.nextLong(-SKEW_MICROS, SKEW_MICROS + 1));
        clients.stream().filter(client -> random.nextBoolean()).forEach(SimulatedContender::loseConnection);
    }

    /** Rather the first in line, where it hurts. */
    private void administratorDeletes() {
        List<ContenderNode> line =
                ContenderNode.inLine(ensemble.latest().children().keySet());
        if (!line.isEmpty()) {
            int index = random.nextBoolean() ? 0 : random.nextInt(line.size());
            ensemble.delete(line.get(index).name());
        }
    }

    private void removeContainer() {
        if (!settings.containers()) {
            return;
        }
        ensemble.latest().children().keySet().stream()
                .filter(name -> name.startsWith("foreign-"))
                .toList()
                .forEach(ensemble::delete);
        if (settings.clocksAgree()) {
            // a container stands idle before it is removed; its next use may come at once
            ensemble.pass(2 * SKEW_MICROS + 100_000);
        }
        ensemble.removeParent();
    }
}
