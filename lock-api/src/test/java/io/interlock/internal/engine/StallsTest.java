// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static io.interlock.internal.engine.EngineFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Lease;
import io.interlock.LeaseStateChange;
import io.interlock.LockConfig;
import io.interlock.LossReason;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stalls, blocks or is refused must delay nobody else: the real pools, and a clock that the test moves. */
class StallsTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final ManualTime time = new ManualTime();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final EngineClient client = client(LockConfig.builder().build());

    private EngineClient client(LockConfig config) {
        var runtime = new EngineRuntime(time, Pools.create(), new java.util.Random(1), new java.util.Random(2));
        return LockEngine.start(() -> backend, config, runtime);
    }

    @AfterEach
    void close() {
        letGo.countDown();
        client.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void fewerStalledRenewalsThanThreadsDelayNobody() {
        for (int i = 0; i < 3; i++) {
            backend.renewals.add(() -> {
                await(letGo);
                return RenewOutcome.UNKNOWN;
            });
        }
        var leases = new ArrayList<Lease>();
        for (int i = 0; i < 100; i++) {
            leases.add(client.lock("job" + i, OPTIONS).tryAcquire().orElseThrow());
        }
        time.advance(Duration.ofSeconds(10));
        Awaitility.await().until(() -> backend.renewedFor.size() == 100);
        assertThat(leases).allMatch(Lease::isHeld);
    }

    @Test
    void listenersThatBlockDelayNeitherRenewalNorOtherListeners() {
        List<LeaseStateChange> told = new CopyOnWriteArrayList<>();
        Lease lease = client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        for (int i = 0; i < 50; i++) {
            lease.onStateChange(change -> await(letGo));
        }
        lease.onStateChange(told::add);
        backend.renewals.add(() -> RenewOutcome.UNKNOWN);
        time.advance(Duration.ofSeconds(10));
        Awaitility.await().until(() -> told.size() == 1);
        // the next try to renew, and the look at the validity
        Awaitility.await().until(() -> time.pendingTasks() == 2);
        time.advance(Duration.ofSeconds(5));
        Awaitility.await().until(() -> told.size() == 2);
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void whoListensToALeaseOfAClosedClientIsToldAllTheSame() {
        Lease lease = client.lock("job", OPTIONS).tryAcquire().orElseThrow();
        client.close();
        // not only while the pool is winding up
        Awaitility.await()
                .until(() ->
                        client.runtime().pools().callbacks() instanceof ThreadPoolExecutor pool && pool.isTerminated());
        List<LeaseStateChange> told = new CopyOnWriteArrayList<>();
        lease.onStateChange(told::add);
        Awaitility.await().until(() -> told.size() == 1);
        assertThat(told.get(0).reason()).contains(LossReason.CLOSED);
    }

    @Test
    void dependantsThatBlockDelayNoOtherCompletion() {
        var attached = new CountDownLatch(1);
        var blocked = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 20; i++) {
            backend.attempts.add(() -> {
                await(attached); // a future that was complete before would run its dependant on this test's thread
                return null;
            });
            blocked.add(client.lock("job" + i, OPTIONS).acquireAsync().thenAccept(lease -> await(letGo)));
        }
        attached.countDown();
        assertThat(client.lock("other", OPTIONS).acquireAsync().join().isHeld()).isTrue();
        letGo.countDown();
        blocked.forEach(CompletableFuture::join);
    }

    @Test
    void aCallbackExecutorThatRefusesLosesNoLossAndNoGrant() {
        var refusing = new AtomicBoolean(true);
        var picky = client(LockConfig.builder()
                .callbackExecutor(task -> {
                    if (refusing.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                })
                .build());
        Lease lease = picky.lock("job", OPTIONS).acquireAsync().join();
        List<LeaseStateChange> told = new CopyOnWriteArrayList<>();
        lease.onStateChange(told::add);
        backend.grant().listener.lost(LossReason.TAKEN);
        Awaitility.await().until(() -> told.size() == 1);
        picky.close();
    }
}
