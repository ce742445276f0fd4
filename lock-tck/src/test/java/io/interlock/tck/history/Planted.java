// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Plants one violation into a valid history of one lock, at a random place that allows it. Confined to one thread. */
final class Planted {
    private static final String INTRUDER = "intruder";

    private final List<HistoryEvent> events;
    private final LockHistory lock;
    private final Random random;

    Planted(List<HistoryEvent> events, long seed) {
        this.events = events;
        lock = LockHistory.of(events).iterator().next();
        random = new Random(seed);
    }

    /** A second client is granted the lock while the first surely holds it, and releases it again. */
    Optional<List<HistoryEvent>> doubleGrant() {
        return somewhere(hold -> hold.definiteEnd() - hold.grantedAt() > 10).map(hold -> {
            long at = hold.grantedAt();
            var token = OptionalLong.of(hold.token().orElseThrow() + 1);
            return with(
                    intruder(1, Kind.TRY, Phase.INVOKE, at + 1, OptionalLong.empty()),
                    validUntil(intruder(1, Kind.TRY, Phase.OK, at + 2, token), at + 9),
                    Edits.about(intruder(2, Kind.RELEASE, Phase.INVOKE, at + 5, token), 1),
                    Edits.about(intruder(2, Kind.RELEASE, Phase.OK, at + 6, token), 1));
        });
    }

    /** A grant gets the token of an earlier one. */
    Optional<List<HistoryEvent>> repeatedToken() {
        return somewhere(hold -> index(hold) > 2)
                .map(hold -> retoken(hold, before(hold, 2).token().orElseThrow()));
    }

    /** A grant gets a new token that is smaller than one that was told before it was asked for. */
    Optional<List<HistoryEvent>> tokenGoingBack() {
        return somewhere(hold -> index(hold) > 2
                        && before(hold, 1).grantedAt() < hold.acquisition().calledAt())
                .map(hold -> retoken(hold, before(hold, 2).token().orElseThrow() + 1));
    }

    /** A client that gave its grant back is told "released" once more while somebody else surely holds the lock. */
    Optional<List<HistoryEvent>> foreignRelease() {
        return somewhere(hold -> hold.definiteEnd() - hold.grantedAt() > 10
                        && index(hold) > 0
                        && before(hold, 1).isReleased())
                .map(hold -> again(before(hold, 1), Kind.RELEASE, hold.grantedAt() + 1));
    }

    /** A client whose grant ended is told "prolonged" while somebody else surely holds the lock. */
    Optional<List<HistoryEvent>> staleExtension() {
        return somewhere(hold -> hold.definiteEnd() - hold.grantedAt() > 10 && index(hold) > 0)
                .map(hold -> again(before(hold, 1), Kind.EXTEND, hold.grantedAt() + 1));
    }

    /** A client that does not hold the lock is told "released" of the token of the one that does. */
    Optional<List<HistoryEvent>> forgedRelease() {
        return somewhere(hold -> hold.definiteEnd() - hold.grantedAt() > 10).map(hold -> {
            long at = hold.grantedAt();
            return with(
                    intruder(1, Kind.RELEASE, Phase.INVOKE, at + 1, hold.token()),
                    intruder(1, Kind.RELEASE, Phase.OK, at + 2, hold.token()));
        });
    }

    /** A client is told "held by another" while nobody holds the lock or asks for it. */
    Optional<List<HistoryEvent>> unjustifiedRefusal() {
        return somewhere(hold -> hold.isReleased() && idleAfter(hold)).map(hold -> {
            long at = hold.release().orElseThrow().returnedAt();
            return with(
                    intruder(1, Kind.TRY, Phase.INVOKE, at + 1, OptionalLong.empty()),
                    intruder(1, Kind.TRY_FAIL, Phase.OK, at + 2, OptionalLong.empty()));
        });
    }

    /** A holder whose lease ran out, so that another was granted, claims that it lasts longer. */
    Optional<List<HistoryEvent>> holdAfterExpiry() {
        return somewhere(hold -> hold.claimedUntil() == hold.definiteEnd()
                        && index(hold) + 1 < lock.holds().size()
                        && endOfClaim(hold).isPresent()
                        && before(hold, -1).definiteEnd() > before(hold, -1).grantedAt() + 10
                        && hold.lostAt() > before(hold, -1).grantedAt() + 10
                        && hold.killedAt() > before(hold, -1).grantedAt() + 10
                        && hold.release().map(Operation::calledAt).orElse(Long.MAX_VALUE)
                                > before(hold, -1).grantedAt() + 10)
                .map(hold -> {
                    HistoryEvent claim = endOfClaim(hold).orElseThrow();
                    long longer = before(hold, -1).grantedAt() + 10;
                    return replacing(claim::equals, event -> validUntil(event, longer));
                });
    }

    /** The recorder forgets a release; the next one is granted while the holder still seems to hold. */
    Optional<List<HistoryEvent>> droppedRelease() {
        return somewhere(hold -> hold.isReleased()
                        && index(hold) + 1 < lock.holds().size()
                        && before(hold, -1).definiteEnd() > before(hold, -1).grantedAt()
                        && Math.min(hold.claimedUntil(), hold.killedAt())
                                > before(hold, -1).grantedAt())
                .map(hold -> {
                    var release = hold.release().orElseThrow().events();
                    return events.stream()
                            .filter(event -> !release.contains(event))
                            .toList();
                });
    }

    /** A holder is told "not held" though nothing ended its grant. */
    Optional<List<HistoryEvent>> unjustifiedNotHeld() {
        return somewhere(hold -> hold.isReleased()
                        && hold.mayEndFrom() > hold.release().orElseThrow().returnedAt())
                .map(hold -> {
                    HistoryEvent end = hold.release().orElseThrow().end();
                    return replacing(event -> event.equals(end), event -> Edits.withPhase(event, Phase.FAIL));
                });
    }

    private Optional<Hold> somewhere(Predicate<Hold> allowed) {
        List<Hold> possible = lock.holds().stream().filter(allowed).toList();
        return possible.isEmpty() ? Optional.empty() : Optional.of(possible.get(random.nextInt(possible.size())));
    }

    private int index(Hold hold) {
        return lock.holds().indexOf(hold);
    }

    private Hold before(Hold hold, int distance) {
        return lock.holds().get(index(hold) - distance);
    }

    private boolean idleAfter(Hold hold) {
        long at = hold.release().orElseThrow().returnedAt();
        return lock.operations().stream()
                .filter(call -> call.kind().acquires())
                .noneMatch(call -> !call.equals(hold.acquisition())
                        && call.calledAt() <= at + 3
                        && call.returnedAt() >= hold.release().orElseThrow().calledAt());
    }

    private Optional<HistoryEvent> endOfClaim(Hold hold) {
        return events.stream()
                .filter(event -> event.process().equals(hold.process())
                        && event.validUntil().equals(OptionalLong.of(hold.claimedUntil())))
                .findFirst();
    }

    private List<HistoryEvent> again(Hold stale, Kind kind, long at) {
        HistoryEvent first = stale.acquisition().invoke();
        long op = 1_000_000;
        var invoke = Edits.withToken(
                Edits.about(Edits.event(first.process(), op, kind, Phase.INVOKE, at, first.lock()), first.op()),
                stale.token().orElseThrow());
        var end = Edits.withPhase(invoke, Phase.OK);
        return with(invoke, end);
    }

    private List<HistoryEvent> retoken(Hold hold, long token) {
        long op = hold.acquisition().invoke().op();
        return replacing(
                event -> event.process().equals(hold.process())
                        && event.token().equals(hold.token())
                        && (event.op() == op || event.grant().equals(OptionalLong.of(op))),
                event -> Edits.withToken(event, token));
    }

    private HistoryEvent intruder(long op, Kind kind, Phase phase, long at, OptionalLong token) {
        HistoryEvent event = Edits.event(INTRUDER, op, kind, phase, at, lock.name());
        return token.isPresent() ? Edits.withToken(event, token.getAsLong()) : event;
    }

    private static HistoryEvent validUntil(HistoryEvent event, long nanos) {
        return Edits.withValidUntil(event, nanos);
    }

    private List<HistoryEvent> replacing(Predicate<HistoryEvent> which, UnaryOperator<HistoryEvent> how) {
        return events.stream()
                .map(event -> which.test(event) ? how.apply(event) : event)
                .toList();
    }

    private List<HistoryEvent> with(HistoryEvent... more) {
        List<HistoryEvent> all = new ArrayList<>(events);
        all.addAll(List.of(more));
        all.sort(Comparator.comparingLong(HistoryEvent::nanos)); // stable: a begin stays before its answer
        return all;
    }
}
