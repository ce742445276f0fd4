// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static io.interlock.internal.engine.EngineFixture.inThread;
import static io.interlock.internal.engine.ScriptedBackend.failure;
import static io.interlock.internal.engine.ScriptedBackend.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.DistributedLock;
import io.interlock.LockBackendException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A store that fails while somebody waits: tried again with a growing delay, within the wait. */
class OutageTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);
    private final DistributedLock lock = engine.client.lock("job", OPTIONS);

    private void refuse(Duration retryAfter) {
        backend.attempts.add(() -> refused(retryAfter));
    }

    private void advanceUntilDone(EngineFixture.Call<?> call) {
        while (!call.result.isDone()) {
            engine.time.advance(Duration.ofMillis(100));
            await().until(() -> engine.time.parked() == 1 || call.result.isDone());
        }
    }

    @Test
    void laterErrorsAreRetriedWithinTheWait() throws Exception {
        refuse(Duration.ofSeconds(1));
        backend.attempts.add(() -> {
            throw failure(true);
        });
        var call = inThread(() -> lock.acquire(LONG));
        engine.awaitParked(1);
        engine.time.advance(Duration.ofSeconds(1));
        await().until(() -> backend.asked.size() == 2 && engine.time.parked() == 1);
        engine.time.advance(Duration.ofSeconds(1));
        assertThat(call.get().isHeld()).isTrue();
        assertThat(backend.undone).containsExactly(backend.asked.get(1));
    }

    @Test
    void aTimedWaitThatEndsInAnOutageSaysSoAndNotHeld() throws Exception {
        refuse(Duration.ofSeconds(1));
        for (int i = 0; i < 1000; i++) {
            backend.attempts.add(() -> {
                throw failure(false);
            });
        }
        var call = inThread(() -> lock.tryAcquire(Duration.ofSeconds(20)));
        engine.awaitParked(1);
        advanceUntilDone(call);
        assertThat(call.failure()).isInstanceOf(LockBackendException.class);
        assertThat(backend.asked).as("no hot loop").hasSizeLessThan(40);
    }

    @Test
    void anUnlimitedWaitGivesUpAfterTheOutageLimit() throws Exception {
        refuse(Duration.ofSeconds(1));
        for (int i = 0; i < 1000; i++) {
            backend.attempts.add(() -> {
                throw failure(false);
            });
        }
        var call = inThread(() -> lock.acquire());
        engine.awaitParked(1);
        long outageBegins = engine.time.monotonicNanos() + Duration.ofSeconds(1).toNanos();
        advanceUntilDone(call);
        assertThat(call.failure()).isInstanceOf(LockBackendException.class);
        assertThat(Duration.ofNanos(engine.time.monotonicNanos() - outageBegins))
                .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(34));
    }

    /** Not one after the other, each after a limit of its own. */
    @Test
    void unlimitedWaitsBehindTheFrontGiveUpWithIt() throws Exception {
        refuse(Duration.ofSeconds(1));
        for (int i = 0; i < 1000; i++) {
            backend.attempts.add(() -> {
                throw failure(false);
            });
        }
        var front = inThread(() -> lock.acquire());
        engine.awaitParked(1);
        var behind = inThread(() -> lock.acquire());
        engine.awaitParked(2);
        while (!front.result.isDone()) {
            engine.time.advance(Duration.ofMillis(100));
            await().until(() -> engine.time.parked() == 2 || front.result.isDone());
        }
        long given = engine.time.monotonicNanos();
        advanceUntilDone(behind);
        assertThat(behind.failure()).isInstanceOf(LockBackendException.class);
        assertThat(Duration.ofNanos(engine.time.monotonicNanos() - given)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void thoseBehindTheFrontLearnOfAnOutageToo() throws Exception {
        refuse(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            backend.attempts.add(() -> {
                throw failure(false);
            });
        }
        var front = inThread(() -> lock.tryAcquire(Duration.ofSeconds(6)));
        engine.awaitParked(1);
        var behind = inThread(() -> lock.tryAcquire(Duration.ofSeconds(4)));
        engine.awaitParked(2);
        while (!behind.result.isDone()) {
            engine.time.advance(Duration.ofMillis(100));
            await().until(() -> engine.time.parked() == 2 || behind.result.isDone());
        }
        assertThat(behind.failure()).isInstanceOf(LockBackendException.class);
        advanceUntilDone(front);
        assertThat(front.failure()).isInstanceOf(LockBackendException.class);
    }
}
