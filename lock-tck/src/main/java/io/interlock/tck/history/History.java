// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.util.List;

/**
 * What the clients of one run did and saw. Immutable.
 *
 * @param header where it comes from
 * @param events the events of each process in their order; processes may be mixed in any way
 */
public record History(HistoryHeader header, List<HistoryEvent> events) {
    /**
     * Copies the events.
     *
     * @param header as the record tells
     * @param events as the record tells
     */
    public History {
        events = List.copyOf(events);
    }

    /** The first instant; zero of all times that people are shown. */
    long start() {
        return events.stream().mapToLong(HistoryEvent::nanos).min().orElse(0);
    }

    /** The last instant. */
    long end() {
        return events.stream().mapToLong(HistoryEvent::nanos).max().orElse(0);
    }
}
