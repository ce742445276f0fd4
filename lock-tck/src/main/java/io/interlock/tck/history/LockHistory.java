// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The calls about one lock, and the grants that they made. Not changed once it is made. */
final class LockHistory {
    private final String name;
    private final List<Operation> operations = new ArrayList<>();
    private final List<Hold> holds = new ArrayList<>();
    private final Map<CallId, Hold> byGrant = new HashMap<>();
    private final Map<Long, Hold> byToken = new HashMap<>();

    private LockHistory(String name) {
        this.name = name;
    }

    /**
     * Sorts a history by locks.
     *
     * @throws IllegalArgumentException if events are missing, or there twice
     */
    static Collection<LockHistory> of(List<HistoryEvent> events) {
        var pairs = new EventPairs();
        events.forEach(pairs::accept);
        Map<String, LockHistory> locks = new TreeMap<>();
        for (Operation call : pairs.operations()) {
            locks.computeIfAbsent(call.lock(), LockHistory::new).operations.add(call);
        }
        locks.values().forEach(LockHistory::makeHolds);
        for (HistoryEvent mark : pairs.marks()) {
            if (mark.kind() == Kind.KILL) {
                locks.values().forEach(lock -> lock.killed(mark));
            } else {
                Objects.requireNonNull(locks.get(mark.lock()), mark.lock()).marked(mark);
            }
        }
        return locks.values();
    }

    private void makeHolds() {
        operations.sort(Comparator.comparingLong(Operation::calledAt));
        operations.stream().filter(Operation::isGrant).forEach(this::granted);
        operations.forEach(this::applyToHolds);
        holds.sort(Comparator.comparingLong(Hold::grantedAt));
    }

    private void granted(Operation call) {
        var hold = new Hold(call);
        holds.add(hold);
        byGrant.put(call.invoke().call(), hold);
        hold.token().ifPresent(token -> byToken.putIfAbsent(token, hold));
    }

    private void applyToHolds(Operation call) {
        if (call.kind() == Kind.EXPIRE) {
            holds.stream().filter(hold -> isMeant(call, hold)).forEach(hold -> hold.expired(call));
            return;
        }
        Hold hold = holdOf(call);
        if (hold == null) {
            return;
        }
        if (call.kind() == Kind.RELEASE && call.process().equals(hold.process())) {
            hold.released(call);
        } else if (call.kind() == Kind.EXTEND && call.end() != null) {
            hold.claimed(call.end());
        }
    }

    private void marked(HistoryEvent mark) {
        Hold hold = byGrant.get(mark.grantCall());
        if (hold == null) {
            throw new IllegalArgumentException(mark.kind() + " of " + mark.process() + " is about no grant");
        }
        if (mark.kind() == Kind.LOST) {
            hold.lost(mark);
        } else {
            hold.claimed(mark);
        }
    }

    private void killed(HistoryEvent mark) {
        holds.stream().filter(hold -> hold.process().equals(mark.process())).forEach(hold -> hold.killed(mark));
    }

    String name() {
        return name;
    }

    /** In order of their begins. */
    List<Operation> operations() {
        return operations;
    }

    /** In order of the instants at which the clients were told. */
    List<Hold> holds() {
        return holds;
    }

    /** The grant that a call made, or that it is about; null if there is none or nobody was told of it. */
    @Nullable
    Hold holdOf(Operation call) {
        if (call.invoke().grant().isPresent()) {
            return byGrant.get(call.invoke().grantCall());
        }
        if (call.invoke().token().isPresent()) {
            return byToken.get(call.invoke().token().getAsLong());
        }
        return call.isGrant() ? byGrant.get(call.invoke().call()) : null;
    }

    /** Whether an end from outside is about a grant. */
    static boolean isMeant(Operation expire, Hold hold) {
        return expire.invoke().token().isEmpty() || expire.invoke().token().equals(hold.token());
    }
}
