// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static io.interlock.internal.engine.ScriptedBackend.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UndoTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);

    private void ambiguousAcquire() {
        backend.attempts.add(() -> {
            throw failure(true);
        });
        assertThatThrownBy(() -> engine.client.lock("job", OPTIONS).tryAcquire())
                .isInstanceOf(LockBackendException.class);
    }

    @Test
    void asksUntilTheStoreAnswers() {
        backend.undos.add(() -> ReleaseOutcome.UNKNOWN);
        backend.undos.add(() -> {
            throw failure(false);
        });
        backend.undos.add(() -> {
            throw new AssertionError("a backend with a bug");
        });
        ambiguousAcquire();
        engine.time.advance(Duration.ofMinutes(1));
        assertThat(backend.undone).hasSize(4).containsOnly(backend.asked.get(0));
        assertThat(engine.client.undoer().pending()).isZero();
        assertThat(engine.time.pendingTasks()).isZero();
    }

    @Test
    void nothingThereProvesNothingUntilALeaseHasPassed() {
        for (int i = 0; i < 1000; i++) {
            backend.undos.add(() -> ReleaseOutcome.NOT_HELD);
        }
        ambiguousAcquire();
        engine.time.advance(EngineFixture.LEASE);
        assertThat(engine.client.undoer().pending()).isOne();
        engine.time.advance(Duration.ofSeconds(15));
        assertThat(engine.client.undoer().pending()).isZero();
        assertThat(backend.undone).as("no hot loop").hasSizeBetween(5, 40);
    }

    @Test
    void aReleaseWithoutAnswerIsUndone() {
        backend.releases.add(() -> ReleaseOutcome.UNKNOWN);
        var lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(backend.released).hasValue(1);
        assertThat(backend.undone).containsExactly(backend.asked.get(0));
    }

    @Test
    void aReleaseThatThrowsIsUndoneToo() {
        backend.releases.add(() -> {
            throw new IllegalStateException("a backend with a bug");
        });
        var lease = engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(backend.undone).hasSize(1);
    }

    @Test
    void aClosingClientGivesItOneMoreChance() {
        backend.undos.add(() -> ReleaseOutcome.UNKNOWN);
        ambiguousAcquire();
        engine.client.close();
        assertThat(backend.undone).hasSize(2);
        assertThat(engine.client.undoer().pending()).isZero();
    }
}
