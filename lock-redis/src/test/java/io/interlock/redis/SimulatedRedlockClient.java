// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.redis.RedlockBallot.Verdict;
import io.interlock.spi.OwnerId;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A client that takes, renews and gives back one lock again and again, as {@link RedlockContender} and {@link RedlockGrant}
 * do: what it decides, {@link RedlockBallot} and {@link RedlockRenewal} decide. Confined to one thread.
 */
final class SimulatedRedlockClient {
    private static final Duration LEASE = RedlockSimulation.LEASE;
    private static final long LEASE_MICROS = LEASE.toNanos() / 1000;
    private static final long NODE_TIMEOUT_MICROS = 12_000;
    private static final long UNDO_AGAIN_MICROS = 6_000;

    private final RedlockSimulation world;
    private final RedlockJudge judge;
    private final RedlockPlant plant;
    private final SplittableRandom random;
    private final int number;
    private final double rate;
    private final Quorum quorum;
    private int attempts;
    private long idleUntil;
    private @Nullable Attempt current;

    SimulatedRedlockClient(
            RedlockSimulation world,
            RedlockJudge judge,
            RedlockPlant plant,
            SplittableRandom random,
            int number,
            double rate) {
        this.world = world;
        this.judge = judge;
        this.plant = plant;
        this.random = random;
        this.number = number;
        this.rate = rate;
        quorum = world.quorum();
    }

    /** One attempt, and another after that, until the schedule is over. */
    void begin() {
        if (world.isCalm()) {
            return;
        }
        if (world.now() < idleUntil) {
            world.later(idleUntil - world.now(), this::begin);
            return;
        }
        var attempt = new Attempt(new OwnerId(number, plant == RedlockPlant.OWNER_ID_USED_AGAIN ? 0 : attempts++));
        current = attempt;
        attempt.begin();
    }

    void idleFor(long micros) {
        idleUntil = world.now() + micros;
    }

    /** Gives back what it holds; an attempt that is under way comes to its end. */
    void end() {
        Attempt now = current;
        if (now != null && now.holding) {
            now.release();
        }
    }

    OwnerId owner() {
        return Objects.requireNonNull(current).owner;
    }

    boolean isValid() {
        Attempt now = current;
        return now != null && now.holding && clock() - now.validUntil < 0;
    }

    private long clock() {
        return (long) (world.now() * 1000 * rate);
    }

    private long validityFromNow() {
        return plant == RedlockPlant.DRIFT_IGNORED ? clock() + LEASE.toNanos() : Validity.end(clock(), LEASE);
    }

    /** From its first request to the last that gives it back. */
    private final class Attempt {
        private final OwnerId owner;
        private final RedlockBallot ballot;
        private final long began = world.now();
        private final Set<Integer> undone = new TreeSet<>();
        private long validUntil = validityFromNow();
        private boolean decided;
        private boolean holding;

        Attempt(OwnerId owner) {
            this.owner = owner;
            ballot = new RedlockBallot(quorum, validUntil);
        }

        void begin() {
            for (int node = 0; node < quorum.nodes(); node++) {
                int index = node;
                boolean[] came = new boolean[1];
                world.<OptionalLong>send(
                        index,
                        true,
                        at -> {
                            if (came[0]) {
                                judge.cameTwice(owner);
                            }
                            came[0] = true;
                            OptionalLong candidate = at.acquire(owner, LEASE, world.tokensPerGrant());
                            if (candidate.isPresent() && plant == RedlockPlant.NO_CONFIRM_ROUND) {
                                judge.confirmed(owner, index); // all that it will ever have
                            }
                            return candidate;
                        },
                        candidate -> voted(index, candidate));
            }
            world.later(NODE_TIMEOUT_MICROS, () -> {
                ballot.firstRoundIsOver();
                proceed();
            });
            world.later(2 * NODE_TIMEOUT_MICROS, () -> {
                ballot.timeIsUp();
                proceed();
            });
        }

        private void voted(int node, OptionalLong candidate) {
            if (candidate.isPresent()) {
                ballot.granted(node, Integer.toString(node), candidate.getAsLong());
            } else {
                ballot.refused(node);
            }
            proceed();
        }

        private void proceed() {
            for (int node : ballot.toConfirm()) {
                confirm(node);
            }
            boolean unconfirmed = plant == RedlockPlant.NO_CONFIRM_ROUND && ballot.verdict() == Verdict.CONFIRM;
            if (decided || !(ballot.isDecided() || unconfirmed)) {
                return;
            }
            decided = true;
            if (ballot.verdict() == Verdict.GRANTED || unconfirmed) {
                hold();
            } else {
                if (plant != RedlockPlant.NO_UNDO) {
                    giveBack();
                }
                world.later(500 + random.nextInt(15_000), SimulatedRedlockClient.this::begin);
            }
        }

        private void confirm(int node) {
            long token = ballot.token();
            boolean toItsEnd = plant != RedlockPlant.BLOCK_NOT_RAISED_TO_ITS_END;
            long end = toItsEnd ? token + world.tokensPerGrant() - 1 : token;
            world.<Boolean>send(
                    node,
                    false,
                    at -> {
                        boolean stands = at.confirm(owner, ballot.candidate(node), token, end);
                        if (stands) {
                            judge.confirmed(owner, node);
                        }
                        return stands;
                    },
                    stands -> {
                        if (stands) {
                            ballot.confirmed(node, clock());
                        } else {
                            ballot.unconfirmed(node);
                        }
                        proceed();
                    });
        }

        private void hold() {
            if (plant == RedlockPlant.VALIDITY_FROM_THE_REPLY) {
                validUntil = validityFromNow();
            }
            holding = true;
            judge.granted(SimulatedRedlockClient.this, began, world.now(), ballot.token(), world.tokensPerGrant());
            if (world.isCalm()) {
                release();
            } else if (random.nextInt(3) == 0) {
                world.later(LEASE_MICROS / 3, this::renew);
            } else {
                world.later(random.nextInt(3) == 0 ? 2 * LEASE_MICROS : random.nextInt(30_000), this::release);
            }
        }

        private void renew() {
            if (!holding) {
                return;
            }
            long before = validUntil;
            long end = validityFromNow();
            var renewal = new RedlockRenewal(plant == RedlockPlant.RENEWAL_BY_ONE_NODE ? one() : quorum, before);
            for (int node = 0; node < quorum.nodes(); node++) {
                int index = node;
                world.<LockProtocol.Renewal>send(index, false, at -> at.renew(owner, LEASE), answer -> {
                    boolean open = !renewal.isDecided();
                    renewal.answered(index, answer, clock());
                    if (open && holding) {
                        renewed(renewal, end);
                    }
                });
            }
            long next = random.nextInt(3) == 0 ? 2 * LEASE_MICROS : LEASE_MICROS / 3;
            world.later(next, random.nextInt(3) == 0 ? this::release : this::renew);
        }

        private Quorum one() {
            return new Quorum(quorum.nodes(), 1);
        }

        private void renewed(RedlockRenewal renewal, long end) {
            if (renewal.verdict() == RedlockRenewal.Verdict.RENEWED) {
                validUntil = Math.max(validUntil, end);
                judge.holds(SimulatedRedlockClient.this);
            } else if (renewal.verdict() == RedlockRenewal.Verdict.LOST) {
                release();
            }
        }

        void release() {
            if (!holding) {
                return;
            }
            judge.ended(SimulatedRedlockClient.this);
            holding = false;
            giveBack();
            world.later(500 + random.nextInt(25_000), SimulatedRedlockClient.this::begin);
        }

        private void giveBack() {
            for (int node : ballot.mayHold()) {
                if (plant != RedlockPlant.UNDO_ONLY_WHERE_GRANTED || !ballot.mayComeLate(node)) {
                    giveBack(node, ballot.mayComeLate(node), world.now() + LEASE_MICROS);
                }
            }
        }

        /** Again until the node answers, or a lease is over; after the first time its id is blocked as well. */
        private void giveBack(int node, boolean block, long giveUp) {
            if (undone.contains(node) || world.now() > giveUp) {
                return;
            }
            world.<Boolean>send(
                    node,
                    false,
                    at -> {
                        if (block) {
                            at.undo(owner, LEASE);
                        } else {
                            at.release(owner);
                        }
                        return true;
                    },
                    answered -> undone.add(node));
            world.later(UNDO_AGAIN_MICROS, () -> giveBack(node, true, giveUp));
        }
    }
}
