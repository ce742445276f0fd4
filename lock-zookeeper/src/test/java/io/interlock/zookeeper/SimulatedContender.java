// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.zookeeper.SimulatedEnsemble.Pair;
import io.interlock.zookeeper.TokenRule.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A client that takes and gives back one lock again and again, a request at a time, as {@link ZooKeeperContender} and
 * {@link Queue} do: what it decides, {@link ContenderNode} and {@link TokenRule} decide. Confined to one thread.
 */
final class SimulatedContender {
    private static final long HOURS_MICROS = 7_200_000_000L;
    private static final int ANY_VERSION = -1;

    private final SimulatedEnsemble ensemble;
    private final TokenJudge judge;
    private final RandomGenerator random;
    private final Plant plant;
    private final List<String> leftovers = new ArrayList<>(); // to be deleted some time
    private int session;
    private Step step = Step.CREATE;
    private int seen; // the store's state that the session has seen; it never goes back
    private int attempts;
    private String name = "";
    private ContenderNode own = new ContenderNode("", "", 0);
    private List<String> children = List.of();
    private Optional<Pair> pair = Optional.empty();
    private long token;
    private int version;

    private enum Step {
        CREATE,
        LIST,
        READ,
        DECIDE,
        WAIT,
        RAISE,
        HOLD,
        SET_PAIR,
        DEAD
    }

    SimulatedContender(int session, SimulatedEnsemble ensemble, TokenJudge judge, RandomGenerator random, Plant plant) {
        this.session = session;
        this.ensemble = ensemble;
        this.judge = judge;
        this.random = random;
        this.plant = plant;
        ensemble.open(session);
    }

    int session() {
        return session;
    }

    boolean isDead() {
        return step == Step.DEAD;
    }

    boolean isHolding() {
        return step == Step.HOLD && isAlive();
    }

    /** Nothing is heard of it any more; its nodes stay until the session ends. */
    void crash() {
        step = Step.DEAD;
        leftovers.clear();
    }

    /** Begins anew, in a session of its own. */
    void revive(int freshSession) {
        session = freshSession;
        ensemble.open(session);
        seen = ensemble.now();
        leftovers.clear();
        startOver();
    }

    /** The reply to the next request is lost, and maybe the request: what a crash of its server does too. */
    void loseConnection() {
        boolean carriedOut = random.nextBoolean();
        switch (step) {
            case CREATE -> {
                if (carriedOut) {
                    create().ifPresent(leftovers::add); // the undo finds it by its owner id
                }
                startOver();
            }
            case RAISE -> {
                if (carriedOut) {
                    raise();
                }
                if (plant == Plant.RAISE_NOT_CONFIRMED) {
                    hold();
                } else {
                    lookAgainOrLeave();
                }
            }
            case HOLD -> {
                judge.released(this);
                if (carriedOut) {
                    leaveHolding();
                }
                leave();
            }
            case LIST, READ, DECIDE, WAIT -> lookAgainOrLeave();
            default -> {
                // nothing was under way that could be lost
            }
        }
    }

    /** One request. */
    void go() {
        if (step == Step.DEAD) {
            return;
        }
        if (!ensemble.isOpen(session)) {
            crash(); // whatever it sends is refused, and its own clock has told it before
            return;
        }
        if (!leftovers.isEmpty() && random.nextInt(4) == 0) {
            ensemble.delete(leftovers.remove(0));
            return;
        }
        switch (step) {
            case CREATE -> enter();
            case LIST -> list();
            case READ -> read();
            case DECIDE -> decide();
            case WAIT -> awaitPredecessor();
            case RAISE -> raiseAndHold();
            case HOLD -> release();
            case SET_PAIR -> {
                ensemble.set(atRelease(), ANY_VERSION);
                startOver();
            }
            default -> throw new IllegalStateException(step.toString());
        }
    }

    private void enter() {
        Optional<String> created = create();
        if (created.isEmpty()) {
            ensemble.makeParent();
            return;
        }
        name = created.get();
        own = ContenderNode.parse(name).orElseThrow();
        seen = ensemble.now();
        look();
    }

    private Optional<String> create() {
        attempts++;
        String owner = String.format(Locale.ROOT, "%08x%024x", session, attempts);
        return ensemble.create(session, ContenderNode.prefix(owner));
    }

    /** List, then read. */
    private void look() {
        step = plant == Plant.READ_BEFORE_LIST ? Step.READ : Step.LIST;
    }

    private void list() {
        children = List.copyOf(ensemble.at(view()).children().keySet());
        boolean keepsPair = plant == Plant.PAIR_FROM_BEFORE_THE_WAIT && pair.isPresent();
        step = plant == Plant.READ_BEFORE_LIST || keepsPair ? Step.DECIDE : Step.READ;
    }

    private void read() {
        pair = Optional.of(ensemble.at(view()).pair());
        step = plant == Plant.READ_BEFORE_LIST ? Step.LIST : Step.DECIDE;
    }

    /** What the server that we talk to has seen: not less than we have. */
    private int view() {
        boolean upToDate = random.nextInt(3) > 0;
        seen = upToDate ? ensemble.now() : random.nextInt(seen, ensemble.now() + 1);
        return seen;
    }

    private void decide() {
        List<ContenderNode> line = line(children);
        int ahead = line.indexOf(own);
        if (ahead < 0) {
            startOver();
        } else if (ahead > 0) {
            waitOrStepBack();
        } else {
            judgeFirst();
        }
    }

    private void waitOrStepBack() {
        if (random.nextInt(20) == 0) {
            leave();
        } else {
            step = Step.WAIT;
        }
    }

    private void judgeFirst() {
        Verdict verdict = verdict();
        if (verdict instanceof Verdict.Stale) {
            leave();
        } else if (verdict instanceof Verdict.Raise raise) {
            token = raise.token();
            step = Step.RAISE;
        } else {
            token = ((Verdict.Ready) verdict).token();
            version = pair.orElseThrow().version();
            hold();
        }
    }

    private Verdict verdict() {
        Optional<Fence> fence = pair.orElseThrow().fence();
        Verdict ours = TokenRule.atGrant(fence, own.sequence(), ctimeMillis());
        return switch (plant) {
            case NO_STALE_ABORT ->
                ours instanceof Verdict.Stale
                        ? new Verdict.Ready(TokenRule.token(fence.orElseThrow(), own.sequence()))
                        : ours;
            case NO_RAISE_OF_AN_EMPTY_NODE -> fence.isEmpty() ? new Verdict.Ready(ctimeMillis() * 1000) : ours;
            case EMPTY_NODE_STARTS_AT_NOUGHT ->
                fence.isEmpty() ? new Verdict.Raise(new Fence(0, own.sequence())) : ours;
            case DISTANCE_WITHOUT_WRAP ->
                ours instanceof Verdict.Raise
                        ? ours
                        : new Verdict.Ready(fence.orElseThrow().value()
                                + TokenRule.BLOCK
                                        * ((long) own.sequence() - fence.get().anchor()));
            case BLOCKS_OVERLAP ->
                ours instanceof Verdict.Ready
                        ? new Verdict.Ready(fence.orElseThrow().value()
                                + Integer.toUnsignedLong(
                                        own.sequence() - fence.get().anchor()))
                        : ours;
            default -> ours;
        };
    }

    private long ctimeMillis() {
        return judge.ctimeMillis(name);
    }

    private void raiseAndHold() {
        if (raise() || plant == Plant.RAISE_NOT_CONFIRMED) {
            hold();
        } else {
            look();
        }
    }

    private boolean raise() {
        int anchor = own.sequence() + (plant == Plant.ANCHOR_ONE_TOO_HIGH ? 1 : 0);
        var fence = new Fence(token, anchor);
        Optional<Integer> after = plant == Plant.UNGUARDED_RAISE
                ? ensemble.set(fence, ANY_VERSION)
                : ensemble.checkAndSet(name, fence, pair.orElseThrow().version());
        after.ifPresent(raised -> version = raised);
        return after.isPresent();
    }

    private void hold() {
        step = Step.HOLD;
        judge.granted(this, name, token);
    }

    private void awaitPredecessor() {
        List<ContenderNode> line = line(children);
        ContenderNode before = line.get(line.indexOf(own) - 1);
        if (ensemble.at(view()).children().containsKey(before.name())) {
            waitOrStepBack();
        } else if (plant == Plant.GRANT_WITHOUT_ANOTHER_LOOK) {
            children = List.of(name);
            step = Step.READ;
        } else {
            look();
        }
    }

    private void release() {
        judge.released(this);
        leaveHolding();
        if (step == Step.HOLD) {
            startOver();
        }
    }

    private void leaveHolding() {
        switch (plant) {
            case PAIR_AFTER_DELETE -> {
                ensemble.delete(name);
                step = Step.SET_PAIR;
            }
            case RELEASE_WITHOUT_VERSION -> {
                ensemble.set(atRelease(), ANY_VERSION);
                ensemble.delete(name);
            }
            default -> {
                if (!ensemble.deleteAndSet(name, atRelease(), version)) {
                    ensemble.delete(name);
                }
            }
        }
    }

    private Fence atRelease() {
        long passed = ensemble.micros() - judge.createdMicros(name);
        long clock = ctimeMillis() * 1000 + passed - passed / 100;
        return TokenRule.atRelease(
                token, own.sequence(), plant == Plant.RELEASE_BY_OWN_CLOCK ? clock + HOURS_MICROS : clock);
    }

    private void lookAgainOrLeave() {
        if (random.nextBoolean()) {
            look();
        } else {
            leave();
        }
    }

    private void leave() {
        leftovers.add(name);
        startOver();
    }

    private void startOver() {
        name = "";
        pair = Optional.empty();
        step = Step.CREATE;
    }

    private boolean isAlive() {
        return ensemble.isOpen(session) && ensemble.latest().children().containsKey(name);
    }

    private List<ContenderNode> line(List<String> names) {
        return switch (plant) {
            case TEXT_ORDER ->
                sorted(names, Comparator.comparing(node -> node.name().substring(38)));
            case NUMBER_ORDER -> sorted(names, Comparator.comparingInt(ContenderNode::sequence));
            default -> ContenderNode.inLine(names);
        };
    }

    private static List<ContenderNode> sorted(List<String> names, Comparator<ContenderNode> order) {
        return names.stream()
                .flatMap(found -> ContenderNode.parse(found).stream())
                .sorted(order)
                .toList();
    }
}
