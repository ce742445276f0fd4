// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A history made by hand; times are plain numbers. Confined to one thread. */
final class Story {
    static final String LOCK = "lock";

    private final List<HistoryEvent> events = new ArrayList<>();
    private HistoryHeader header = Edits.header();
    private long ops;

    /** A grant; returns its number. */
    long granted(String process, long from, long to, long token, long validUntil) {
        return call(process, Kind.ACQUIRE, Phase.OK, from, to, OptionalLong.of(token), OptionalLong.of(validUntil), 0);
    }

    long grantedUnfenced(String process, long from, long to, long validUntil) {
        return call(process, Kind.ACQUIRE, Phase.OK, from, to, OptionalLong.empty(), OptionalLong.of(validUntil), 0);
    }

    Story released(String process, long grant, long from, long to, Phase phase) {
        call(process, Kind.RELEASE, phase, from, to, OptionalLong.empty(), OptionalLong.empty(), grant);
        return this;
    }

    Story extended(String process, long grant, long from, long to, Phase phase, long validUntil) {
        call(process, Kind.EXTEND, phase, from, to, OptionalLong.empty(), OptionalLong.of(validUntil), grant);
        return this;
    }

    Story refused(String process, Kind kind, long from, long to) {
        long op = ++ops;
        add(process, op, kind, Phase.INVOKE, from, OptionalLong.empty(), OptionalLong.empty(), 0);
        add(process, op, Kind.TRY_FAIL, Phase.OK, to, OptionalLong.empty(), OptionalLong.empty(), 0);
        return this;
    }

    Story call(String process, Kind kind, Phase phase, long from, long to) {
        call(process, kind, phase, from, to, OptionalLong.empty(), OptionalLong.empty(), 0);
        return this;
    }

    /** A call that never ended. */
    Story begun(String process, Kind kind, long from) {
        add(process, ++ops, kind, Phase.INVOKE, from, OptionalLong.empty(), OptionalLong.empty(), 0);
        return this;
    }

    Story mark(String process, Kind kind, long at, long grant, OptionalLong validUntil) {
        add(process, ++ops, kind, Phase.INFO, at, OptionalLong.empty(), validUntil, grant);
        return this;
    }

    Story killed(String process, long at) {
        return mark(process, Kind.KILL, at, 0, OptionalLong.empty());
    }

    Story lost(String process, long at, long grant) {
        return mark(process, Kind.LOST, at, grant, OptionalLong.empty());
    }

    Story under(HistoryHeader other) {
        header = other;
        return this;
    }

    History history() {
        return new History(header, events);
    }

    CheckResult check() {
        return HistoryChecker.standard().check(history());
    }

    private long call(
            String process,
            Kind kind,
            Phase phase,
            long from,
            long to,
            OptionalLong token,
            OptionalLong validUntil,
            long grant) {
        long op = ++ops;
        add(process, op, kind, Phase.INVOKE, from, OptionalLong.empty(), OptionalLong.empty(), grant);
        add(process, op, kind, phase, to, token, validUntil, grant);
        return op;
    }

    private void add(
            String process,
            long op,
            Kind kind,
            Phase phase,
            long at,
            OptionalLong token,
            OptionalLong validUntil,
            long grant) {
        events.add(new HistoryEvent(
                process,
                "main",
                op,
                kind,
                phase,
                at,
                kind == Kind.KILL ? "" : LOCK,
                token,
                validUntil,
                grant == 0 ? OptionalLong.empty() : OptionalLong.of(grant),
                ""));
    }
}
