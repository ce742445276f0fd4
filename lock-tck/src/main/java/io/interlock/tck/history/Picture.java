// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.Operation.Answer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the time line draws: rows, one for each client, and on them bars and marks. All times are nanoseconds from the
 * start of the history. Not changed once it is made.
 */
final class Picture {
    /** What an item looks like. */
    enum Shape {
        /** A call that may bring a grant, from its begin to its answer. */
        WAIT,
        /** A grant: solid while it was relied on, hatched while it may have been there. */
        HOLD,
        /** The answer "held by another". */
        REFUSED,
        /** The call that gave a grant back; its own item only if it is not the end of one. */
        RELEASE,
        /** The call that prolonged a grant. */
        EXTEND,
        /** The holder was told of a loss. */
        LOST,
        /** The end of a process. */
        KILL,
        /** Somebody outside ended what was there. */
        EXPIRE
    }

    /**
     * One bar or mark.
     *
     * @param to of a hold: the end of what was relied on
     * @param perhapsTo of a hold: the latest instant at which it may have been there
     */
    record Item(
            Shape shape,
            int row,
            int lane,
            int lock,
            long from,
            long to,
            long perhapsTo,
            OptionalLong token,
            String text) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<String> locks = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private final Map<CallId, Set<Integer>> itemsOf = new HashMap<>();
    private final long start;
    private final long end;

    Picture(History history) {
        start = history.start();
        end = history.end();
        history.events().stream()
                .sorted(Comparator.comparingLong(HistoryEvent::nanos))
                .forEach(event -> rows.computeIfAbsent(event.process(), name -> new Row(rows.size())));
        history.events().stream()
                .filter(event -> event.kind() == Kind.KILL)
                .forEach(event -> row(event.process()).killedAt = event.nanos());
        Collection<LockHistory> all = LockHistory.of(history.events());
        all.forEach(lock -> locks.add(lock.name()));
        all.stream()
                .flatMap(lock -> lock.operations().stream())
                .sorted(Comparator.comparingLong(Operation::calledAt))
                .forEach(call -> draw(call, all));
        history.events().stream()
                .filter(event -> event.kind() == Kind.LOST || event.kind() == Kind.KILL)
                .forEach(this::drawMark);
    }

    List<String> rows() {
        return List.copyOf(rows.keySet());
    }

    /** How many bars of a row there are at a time. */
    int lanes(String row) {
        return Math.max(1, row(row).ends.size());
    }

    List<String> locks() {
        return locks;
    }

    List<Item> items() {
        return items;
    }

    long span() {
        return end - start;
    }

    long sinceStart(long nanos) {
        return Math.min(nanos, end) - start;
    }

    /** The items that show a finding. */
    Set<Integer> itemsOf(Collection<HistoryEvent> events) {
        Set<Integer> found = new TreeSet<>();
        events.forEach(event -> found.addAll(itemsOf.getOrDefault(event.call(), Set.of())));
        return found;
    }

    private void draw(Operation call, Collection<LockHistory> all) {
        int number = locks.indexOf(call.lock());
        LockHistory lock = all.stream().skip(number).findFirst().orElseThrow();
        Hold hold = lock.holdOf(call);
        if (call.kind().acquires()) {
            drawAcquisition(call, number, hold, lock);
        } else if (hold == null || hold.release().filter(call::equals).isEmpty()) {
            var shape = switch (call.kind()) {
                case RELEASE -> Shape.RELEASE;
                case EXTEND -> Shape.EXTEND;
                default -> Shape.EXPIRE;
            };
            int lane = hold == null || !hold.process().equals(call.process())
                    ? 0
                    : row(call.process()).laneOf(hold);
            add(
                    call,
                    new Item(
                            shape,
                            row(call.process()).index,
                            lane,
                            number,
                            call.calledAt(),
                            call.returnedAt(),
                            0,
                            call.invoke().token(),
                            answer(call)));
        } else { // it is the end of the hold's bar
            itemsOf.computeIfAbsent(call.invoke().call(), id -> new TreeSet<>())
                    .addAll(itemsOf.getOrDefault(hold.acquisition().invoke().call(), Set.of()));
        }
    }

    private void drawAcquisition(Operation call, int number, @Nullable Hold hold, LockHistory lock) {
        Row row = row(call.process());
        long busyUntil = hold == null ? call.returnedAt() : Math.max(hold.definiteEnd(), releasedBy(hold));
        int lane = row.lane(call.calledAt(), Math.min(busyUntil, row.killedAt));
        add(
                call,
                new Item(
                        call.answer() == Answer.REFUSED ? Shape.REFUSED : Shape.WAIT,
                        row.index,
                        lane,
                        number,
                        call.calledAt(),
                        Math.min(call.returnedAt(), row.killedAt),
                        0,
                        OptionalLong.empty(),
                        answer(call)));
        if (hold != null) {
            row.lanes.put(hold, lane);
            add(
                    call,
                    new Item(
                            Shape.HOLD,
                            row.index,
                            lane,
                            number,
                            hold.grantedAt(),
                            Math.max(hold.grantedAt(), hold.definiteEnd()),
                            perhapsUntil(hold, lock),
                            hold.token(),
                            howItEnded(hold)));
        }
    }

    private static long releasedBy(Hold hold) {
        return hold.release()
                .map(Operation::returnedAt)
                .filter(at -> at != Operation.NEVER)
                .orElse(0L);
    }

    /** An end that nobody told of is somewhere before the next grant. */
    private long perhapsUntil(Hold hold, LockHistory lock) {
        boolean ended =
                hold.release().filter(call -> call.answer() != Answer.UNKNOWN).isPresent();
        if (ended) {
            return releasedBy(hold);
        }
        return lock.holds().stream()
                .mapToLong(Hold::grantedAt)
                .filter(at -> at > hold.grantedAt())
                .findFirst()
                .orElse(end);
    }

    private void drawMark(HistoryEvent mark) {
        Row row = row(mark.process());
        Shape shape = mark.kind() == Kind.LOST ? Shape.LOST : Shape.KILL;
        int index = items.size();
        items.add(new Item(
                shape,
                row.index,
                0,
                locks.indexOf(mark.lock()),
                mark.nanos() - start,
                mark.nanos() - start,
                0,
                mark.token(),
                mark.note()));
        itemsOf.computeIfAbsent(mark.call(), id -> new TreeSet<>()).add(index);
    }

    private void add(Operation call, Item item) {
        itemsOf.computeIfAbsent(call.invoke().call(), id -> new TreeSet<>()).add(items.size());
        items.add(new Item(
                item.shape(),
                item.row(),
                item.lane(),
                item.lock(),
                sinceStart(item.from()),
                sinceStart(item.to()),
                Math.max(0, sinceStart(item.perhapsTo())),
                item.token(),
                item.text()));
    }

    private static String answer(Operation call) {
        String note = call.end() == null || call.end().note().isEmpty()
                ? ""
                : ": " + call.end().note();
        return switch (call.answer()) {
            case OK -> "done";
            case REFUSED -> "held by another";
            case FAILED -> "not done" + note;
            case UNKNOWN -> "outcome unknown" + note;
        };
    }

    private static String howItEnded(Hold hold) {
        long end = hold.definiteEnd();
        if (end == hold.killedAt()) {
            return "the process ended";
        }
        if (end == hold.lostAt()) {
            return "lost";
        }
        if (hold.release().isPresent() && end == hold.release().get().calledAt()) {
            return "release: " + answer(hold.release().get());
        }
        return end == hold.claimedUntil() ? "validity over" : "ended from outside";
    }

    private Row row(String process) {
        return Objects.requireNonNull(rows.get(process));
    }

    /** The bars of one client, on as many lanes as it does things at a time. */
    private static final class Row {
        private static final int MAX_LANES = 16;

        private final int index;
        private final List<Long> ends = new ArrayList<>();
        private final Map<Hold, Integer> lanes = new HashMap<>();
        private long killedAt = Operation.NEVER;

        Row(int index) {
            this.index = index;
        }

        int lane(long from, long to) {
            for (int lane = 0; lane < ends.size(); lane++) {
                if (ends.get(lane) <= from || lane == MAX_LANES - 1) {
                    ends.set(lane, to);
                    return lane;
                }
            }
            ends.add(to);
            return ends.size() - 1;
        }

        int laneOf(Hold hold) {
            return lanes.getOrDefault(hold, 0);
        }
    }
}
