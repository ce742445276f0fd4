// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the two events of each call together. Refuses what no recorder writes: an end without a begin would be a gap in
 * the history, and with gaps everything can be explained. Confined to one thread.
 */
final class EventPairs {
    private final Map<CallId, Operation> operations = new LinkedHashMap<>();
    private final List<HistoryEvent> marks = new ArrayList<>();

    /**
     * Takes the next event; those of a process must come in their order.
     *
     * @throws IllegalArgumentException if it does not fit what came before
     */
    void accept(HistoryEvent event) {
        requireFields(event);
        if (event.kind().isMark()) {
            require(event.phase() == Phase.INFO, event, "is a mark and must be INFO");
            marks.add(event);
        } else if (event.phase() == Phase.INVOKE) {
            begin(event);
        } else {
            end(event);
        }
    }

    private void begin(HistoryEvent event) {
        require(event.kind() != Kind.TRY_FAIL, event, "is an answer and can't be INVOKE");
        require(operations.put(event.call(), new Operation(event, null)) == null, event, "begins a second time");
    }

    private void end(HistoryEvent event) {
        Operation begun = operations.get(event.call());
        if (begun == null) {
            throw refusal(event, "ends but never began");
        }
        require(begun.end() == null, event, "ends a second time");
        require(event.nanos() >= begun.calledAt(), event, "ends before it began");
        require(event.lock().equals(begun.lock()), event, "began with lock '" + begun.lock() + "'");
        require(event.kind() == begun.kind() || answers(event, begun), event, "began as " + begun.kind());
        operations.put(event.call(), new Operation(begun.invoke(), event));
    }

    private static boolean answers(HistoryEvent event, Operation begun) {
        return event.kind() == Kind.TRY_FAIL
                && event.phase() == Phase.OK
                && begun.kind().acquires();
    }

    private void requireFields(HistoryEvent event) {
        require(event.lock().isEmpty() == (event.kind() == Kind.KILL), event, "must name a lock, and KILL none");
        if (event.grant().isPresent()) {
            Operation granted = operations.get(event.grantCall());
            require(
                    granted != null && granted.isGrant() && granted.lock().equals(event.lock()),
                    event,
                    "is about grant " + event.grant().getAsLong() + ", which nobody got");
        } else if (event.kind() == Kind.CLAIM || event.kind() == Kind.LOST) {
            throw refusal(event, "must name its grant");
        } else if (event.kind() == Kind.RELEASE || event.kind() == Kind.EXTEND) {
            require(event.token().isPresent(), event, "must name its grant or its token");
        }
    }

    private static void require(boolean right, HistoryEvent event, String what) {
        if (!right) {
            throw refusal(event, what);
        }
    }

    private static IllegalArgumentException refusal(HistoryEvent event, String what) {
        return new IllegalArgumentException(
                event.kind() + " " + event.phase() + ", call " + event.op() + " of " + event.process() + ": " + what);
    }

    Collection<Operation> operations() {
        return operations.values();
    }

    List<HistoryEvent> marks() {
        return marks;
    }
}
