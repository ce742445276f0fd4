// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.history.HistoryEvent.Phase;
import io.interlock.tck.history.Operation.Answer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One grant, from its acquisition to whatever ended it. Confined to one thread while it is put together. */
final class Hold {
    private static final long NEVER = Operation.NEVER;

    private final Operation acquisition;
    private final HistoryEvent granted;
    private long claimedAt;
    private long claimedUntil;
    private long lostAt = NEVER;
    private long killedAt = NEVER;
    private long endedFromOutside = NEVER;
    private long unsureEnd = NEVER;
    private @Nullable Operation release;

    Hold(Operation acquisition) {
        this.acquisition = acquisition;
        granted = Objects.requireNonNull(acquisition.end());
        claimedAt = granted.nanos();
        claimedUntil = granted.validUntil().orElse(NEVER);
    }

    /** The holder found its lease valid until then; the latest such word counts, as an extension may shorten it. */
    void claimed(HistoryEvent event) {
        if (event.validUntil().isPresent() && event.nanos() >= claimedAt) {
            claimedAt = event.nanos();
            claimedUntil = event.validUntil().getAsLong();
        }
    }

    void lost(HistoryEvent event) {
        lostAt = Math.min(lostAt, event.nanos());
    }

    void killed(HistoryEvent event) {
        killedAt = Math.min(killedAt, event.nanos());
    }

    void released(Operation call) {
        claimed(call.invoke());
        if (release == null || call.calledAt() < release.calledAt()) {
            release = call;
        }
        if (call.answer() == Answer.UNKNOWN) {
            unsureEnd = Math.min(unsureEnd, call.calledAt());
        }
    }

    /** Somebody outside ended it, perhaps. */
    void expired(Operation call) {
        boolean before = call.answer() == Answer.OK && call.returnedAt() < grantedAt();
        if (before || call.answer() == Answer.FAILED) {
            return;
        }
        endedFromOutside = Math.min(endedFromOutside, call.calledAt());
        if (call.answer() != Answer.OK) {
            unsureEnd = Math.min(unsureEnd, call.calledAt());
        }
    }

    /** It ended somehow from then on: a release that has no place in any order is no reason to find fault twice. */
    void endedUnexplained(long nanos) {
        unsureEnd = Math.min(unsureEnd, nanos);
    }

    Operation acquisition() {
        return acquisition;
    }

    String process() {
        return acquisition.process();
    }

    OptionalLong token() {
        return granted.token();
    }

    long grantedAt() {
        return granted.nanos();
    }

    Optional<Operation> release() {
        return Optional.ofNullable(release);
    }

    private long releasedFrom() {
        return release == null ? NEVER : release.calledAt();
    }

    /** Until when the holder surely relied on the lock, from {@link #grantedAt} on. */
    long definiteEnd() {
        long end = Math.min(Math.min(claimedUntil, lostAt), Math.min(killedAt, endedFromOutside));
        return Math.min(end, releasedFrom());
    }

    /** The earliest instant at which the store may have ended it by itself. */
    long mayEndFrom() {
        return Math.min(Math.min(claimedUntil, lostAt), Math.min(killedAt, unsureEnd));
    }

    long claimedUntil() {
        return claimedUntil;
    }

    long lostAt() {
        return lostAt;
    }

    long killedAt() {
        return killedAt;
    }

    /** The events that tell a reader when it was held. */
    List<HistoryEvent> events() {
        return release == null
                ? acquisition.events()
                : Stream.concat(acquisition.events().stream(), release.events().stream())
                        .toList();
    }

    /** Whether the holder was told that it gave the lock back. */
    boolean isReleased() {
        return release != null && release.end() != null && release.end().phase() == Phase.OK;
    }
}
