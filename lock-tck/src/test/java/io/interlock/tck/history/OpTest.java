// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockBackendException;
import io.interlock.LockTimeoutException;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class OpTest {
    private final List<HistoryEvent> handedOn = new ArrayList<>();
    private final HistoryRecorder recorder = new HistoryRecorder(handedOn::add);

    @Test
    void aTimeoutIsARefusal() {
        assertThat(ends(Kind.ACQUIRE, new LockTimeoutException("lock", Duration.ZERO, Optional.empty())))
                .isEqualTo(Kind.TRY_FAIL + " " + Phase.OK);
    }

    @Test
    void aStoreThatDidNothingIsAFailure() {
        assertThat(ends(Kind.TRY, new LockBackendException("down", null, false)))
                .isEqualTo("TRY FAIL");
    }

    @Test
    void aStoreThatDidNotAnswerIsUnknown() {
        assertThat(ends(Kind.TRY, new LockBackendException("reply lost", null, true)))
                .isEqualTo("TRY INFO");
    }

    @Test
    void anInterruptIsUnknown() {
        assertThat(ends(Kind.ACQUIRE, new InterruptedException())).isEqualTo("ACQUIRE INFO");
    }

    @Test
    void aRefusedArgumentIsAFailure() {
        assertThat(ends(Kind.EXTEND, new IllegalArgumentException("too long"))).isEqualTo("EXTEND FAIL");
    }

    @Test
    void whatNobodyExpectedIsUnknown() {
        assertThat(ends(Kind.RELEASE, new IllegalStateException("bug"))).isEqualTo("RELEASE INFO");
    }

    @Test
    void aCallEndsOnce() {
        Op op = recorder.invoke("c1", Kind.TRY, "lock");
        op.refused();
        assertThatThrownBy(op::refused)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended before");
    }

    @Test
    void aGrantKeepsItsTokenAndClaim() {
        Op op = recorder.invoke("c1", Kind.TRY, "lock");
        op.ok(OptionalLong.of(7), OptionalLong.of(99));
        HistoryEvent end = handedOn.get(1);
        assertThat(end.op()).isEqualTo(op.id()).isEqualTo(handedOn.get(0).op());
        assertThat(end.token()).hasValue(7);
        assertThat(end.validUntil()).hasValue(99);
        assertThat(end.nanos()).isGreaterThanOrEqualTo(handedOn.get(0).nanos());
    }

    @Test
    void anEventFromAnotherProcessIsTakenAsItIs() {
        var event = Edits.event("child", 3, Kind.TRY, Phase.INVOKE, 5, "lock");
        recorder.add(event);
        assertThat(handedOn).containsExactly(event);
    }

    private String ends(Kind kind, Exception thrown) {
        recorder.invoke("c1", kind, "lock").threw(thrown);
        HistoryEvent end = handedOn.get(1);
        return end.kind() + " " + end.phase();
    }
}
