// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.history.FencedRegister;
import io.interlock.tck.history.FencedRegister.Access;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.HistoryEvent;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Copies of the events of {@link Turns}, each with one violation planted. Immutable. */
final class Seeds {
    private static final String INTRUDER = "intruder";

    /** Beyond every number that a recorder has given. */
    private static final long PLANTED = 1_000_000;

    private final List<HistoryEvent> events;
    private final List<Turn> turns;

    Seeds(List<HistoryEvent> events) {
        this.events = events;
        turns = events.stream()
                .filter(event -> isAcquisition(event) && event.phase() == Phase.OK)
                .flatMap(granted -> turn(granted).stream())
                .sorted(Comparator.comparingLong(turn -> turn.granted().nanos()))
                .toList();
    }

    /** A grant with its release. */
    private record Turn(HistoryEvent granted, HistoryEvent releasing, HistoryEvent released) {
        boolean has(HistoryEvent event) {
            return event.process().equals(granted.process())
                    && (event.op() == granted.op() || event.grant().equals(OptionalLong.of(granted.op())));
        }
    }

    private static boolean isAcquisition(HistoryEvent event) {
        return event.kind() == Kind.ACQUIRE || event.kind() == Kind.TRY;
    }

    private Optional<Turn> turn(HistoryEvent granted) {
        List<HistoryEvent> release = events.stream()
                .filter(event -> event.kind() == Kind.RELEASE
                        && event.process().equals(granted.process())
                        && event.grant().equals(OptionalLong.of(granted.op())))
                .toList();
        return release.size() == 2 ? Optional.of(new Turn(granted, release.get(0), release.get(1))) : Optional.empty();
    }

    int grants() {
        return turns.size();
    }

    boolean hasTokens() {
        return turns.stream().allMatch(turn -> turn.granted().token().isPresent());
    }

    List<HistoryEvent> droppedRelease() {
        Turn turn = turns.get(1);
        return events.stream()
                .filter(event -> !event.equals(turn.releasing()) && !event.equals(turn.released()))
                .toList();
    }

    List<HistoryEvent> secondGrant() {
        HistoryEvent held = turns.get(1).granted();
        long at = held.nanos();
        HistoryEvent asked = event(INTRUDER, 1, Kind.TRY, Phase.INVOKE, at + 1, held.lock());
        var granted = new HistoryEvent(
                INTRUDER,
                "planted",
                asked.op(),
                Kind.TRY,
                Phase.OK,
                at + 2,
                held.lock(),
                held.token().isPresent() ? OptionalLong.of(Long.MAX_VALUE) : OptionalLong.empty(),
                OptionalLong.of(at + 9),
                OptionalLong.empty(),
                "");
        return with(asked, granted);
    }

    List<HistoryEvent> foreignRelease() {
        return oldGrant(Kind.RELEASE);
    }

    List<HistoryEvent> staleExtension() {
        return oldGrant(Kind.EXTEND);
    }

    /** Who had the turn before is told that a call about its old grant did its work, inside the next turn. */
    private List<HistoryEvent> oldGrant(Kind kind) {
        HistoryEvent old = turns.get(0).granted();
        long at = turns.get(1).granted().nanos();
        return with(about(old, kind, Phase.INVOKE, at + 1), about(old, kind, Phase.OK, at + 2));
    }

    List<HistoryEvent> notHeld() {
        HistoryEvent released = turns.get(1).released();
        return events.stream()
                .map(event -> event.equals(released) ? copy(event, Phase.FAIL, event.token()) : event)
                .toList();
    }

    List<HistoryEvent> refusalOfFreeLock() {
        HistoryEvent last = last();
        return with(
                event(INTRUDER, 1, Kind.TRY, Phase.INVOKE, last.nanos() + 1, last.lock()),
                event(INTRUDER, 1, Kind.TRY_FAIL, Phase.OK, last.nanos() + 2, last.lock()));
    }

    List<HistoryEvent> repeatedToken() {
        return retoken(turns.get(2), turns.get(0).granted().token().orElseThrow());
    }

    List<HistoryEvent> tokenGoingBack() {
        return retoken(turns.get(2), turns.get(0).granted().token().orElseThrow() - 1);
    }

    List<HistoryEvent> lateHandOff() {
        Turn turn = turns.get(turns.size() - 1);
        String lock = turn.granted().lock();
        long hour = Duration.ofHours(1).toNanos();
        return with(
                event(INTRUDER, 1, Kind.ACQUIRE, Phase.INVOKE, turn.granted().nanos(), lock),
                event(INTRUDER, 1, Kind.ACQUIRE, Phase.OK, turn.released().nanos() + hour, lock));
    }

    /** What a register that does not look at tokens would have done. */
    static List<Violation> staleWrite() {
        return FencedRegister.judge(List.of(
                new Access(Turns.FIRST, false, 1, 0, 0, true),
                new Access(Turns.SECOND, false, 2, 0, 0, true),
                new Access(Turns.FIRST, true, 1, 0, 1, true)));
    }

    private HistoryEvent last() {
        return turns.get(turns.size() - 1).released();
    }

    private List<HistoryEvent> retoken(Turn turn, long token) {
        return events.stream()
                .map(event -> turn.has(event) && event.token().isPresent()
                        ? copy(event, event.phase(), OptionalLong.of(token))
                        : event)
                .toList();
    }

    private List<HistoryEvent> with(HistoryEvent begin, HistoryEvent end) {
        return Stream.concat(events.stream(), Stream.of(begin, end))
                .sorted(Comparator.comparingLong(HistoryEvent::nanos)) // stable: a begin stays before its answer
                .toList();
    }

    private static HistoryEvent event(String process, long op, Kind kind, Phase phase, long nanos, String lock) {
        return new HistoryEvent(
                process,
                "planted",
                PLANTED + op,
                kind,
                phase,
                nanos,
                lock,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                "");
    }

    private static HistoryEvent about(HistoryEvent granted, Kind kind, Phase phase, long nanos) {
        return new HistoryEvent(
                granted.process(),
                "planted",
                PLANTED,
                kind,
                phase,
                nanos,
                granted.lock(),
                granted.token(),
                OptionalLong.empty(),
                OptionalLong.of(granted.op()),
                "");
    }

    private static HistoryEvent copy(HistoryEvent event, Phase phase, OptionalLong token) {
        return new HistoryEvent(
                event.process(),
                event.thread(),
                event.op(),
                event.kind(),
                phase,
                event.nanos(),
                event.lock(),
                token,
                event.validUntil(),
                event.grant(),
                event.note());
    }
}
