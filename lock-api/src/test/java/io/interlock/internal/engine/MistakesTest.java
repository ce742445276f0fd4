// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static io.interlock.internal.engine.EngineFixture.inThread;
import static io.interlock.internal.engine.EngineFixture.silenced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.RenewalMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the engine tells users who forget a lease, or wait for themselves. */
class MistakesTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);
    private final ToldEvents told = new ToldEvents();

    @Test
    void aForgottenLeaseIsReportedNoLongerRenewedAndGivenBackAtTheEnd() {
        engine.client.addListener(told);
        var log = silenced(() -> {
            EngineLease lease = (EngineLease)
                    engine.client.lock("job", OPTIONS).tryAcquire().orElseThrow();
            lease.held().forgetHandle();
            engine.time.advance(Duration.ofSeconds(29));
            assertThat(backend.renewedFor).isEmpty();
            assertThat(backend.undone).isEmpty();
            engine.time.advance(Duration.ofSeconds(1));
        });
        assertThat(told.events()).containsOnlyOnce("leaked job").contains("LOST EXPIRED");
        assertThat(backend.undone).hasSize(1);
        assertThat(log).singleElement().asString().contains("job", "garbage-collected");
    }

    @Test
    void aForgottenLeaseWithoutRenewalIsReportedAtItsEnd() {
        engine.client.addListener(told);
        silenced(() -> {
            EngineLease lease = (EngineLease) engine.client
                    .lock("job", OPTIONS.withRenewal(RenewalMode.NONE))
                    .tryAcquire()
                    .orElseThrow();
            lease.held().forgetHandle();
            engine.time.advance(Duration.ofSeconds(31));
        });
        assertThat(told.events()).containsOnlyOnce("leaked job");
    }

    @Test
    void aThreadThatWaitsForItselfIsWarnedOnceWithBothPlaces() throws Exception {
        var log = silenced(() -> {
            var call = inThread(() -> {
                engine.client.lock("job", OPTIONS).acquire();
                backend.refuseByDefault = true;
                return engine.client.lock("job", OPTIONS).acquire();
            });
            engine.awaitParked(1);
            engine.time.advance(Duration.ofSeconds(1));
            await().until(() -> backend.asked.size() == 3 && engine.time.parked() == 1);
            call.thread.interrupt();
            try {
                assertThat(call.failure()).isInstanceOf(InterruptedException.class);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(log).singleElement().asString().contains("holds itself", "acquired at", "waited for at");
    }

    @Test
    void aThreadThatWaitsForALeaseOfAFutureIsNotWarned() throws Exception {
        assertThat(silenced(() -> {
                    var call = inThread(() -> {
                        engine.client.lock("job", OPTIONS).acquireAsync().join();
                        backend.refuseByDefault = true;
                        return engine.client.lock("job", OPTIONS).acquire();
                    });
                    engine.awaitParked(1);
                    call.thread.interrupt();
                }))
                .isEmpty();
    }
}
