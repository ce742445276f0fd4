// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.Timing;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Changed copies of events, and histories made of them. */
final class Edits {
    private Edits() {}

    static HistoryEvent withPhase(HistoryEvent event, Phase phase) {
        return new HistoryEvent(
                event.process(),
                event.thread(),
                event.op(),
                event.kind(),
                phase,
                event.nanos(),
                event.lock(),
                event.token(),
                event.validUntil(),
                event.grant(),
                event.note());
    }

    static HistoryEvent withToken(HistoryEvent event, long token) {
        return new HistoryEvent(
                event.process(),
                event.thread(),
                event.op(),
                event.kind(),
                event.phase(),
                event.nanos(),
                event.lock(),
                OptionalLong.of(token),
                event.validUntil(),
                event.grant(),
                event.note());
    }

    static HistoryEvent withValidUntil(HistoryEvent event, long nanos) {
        return new HistoryEvent(
                event.process(),
                event.thread(),
                event.op(),
                event.kind(),
                event.phase(),
                event.nanos(),
                event.lock(),
                event.token(),
                OptionalLong.of(nanos),
                event.grant(),
                event.note());
    }

    /** An event of a process that is not in the simulation. */
    static HistoryEvent event(String process, long op, Kind kind, Phase phase, long nanos, String lock) {
        return new HistoryEvent(
                process,
                "main",
                op,
                kind,
                phase,
                nanos,
                lock,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                "");
    }

    static HistoryEvent about(HistoryEvent event, long grant) {
        return new HistoryEvent(
                event.process(),
                event.thread(),
                event.op(),
                event.kind(),
                event.phase(),
                event.nanos(),
                event.lock(),
                event.token(),
                event.validUntil(),
                OptionalLong.of(grant),
                event.note());
    }

    static History history(List<HistoryEvent> events) {
        return new History(header(), events);
    }

    static HistoryHeader header() {
        return HistoryHeader.of("simulated", 1, Duration.ofNanos(Simulation.LEASE), Timing.defaults());
    }
}
