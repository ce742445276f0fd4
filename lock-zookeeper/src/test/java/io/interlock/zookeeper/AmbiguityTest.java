// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests whose reply nobody hears, and that are carried out all the same. */
class AmbiguityTest {
    private final Ground ground = Ground.alone();
    private LockClient client;
    private DistributedLock lock;

    @BeforeEach
    void begin() throws Exception {
        ground.client().lock("job").acquire().release(); // the nodes above are there
        client = ground.client("&session=20s&callTimeout=1s");
        lock = client.lock("job");
    }

    @AfterEach
    void end() throws Exception {
        if (ground.server().isAlive()) {
            ground.server().resume();
        }
        ground.close();
    }

    private static boolean isAmbiguous(Throwable e) {
        return e instanceof LockBackendException failed && failed.isAmbiguous();
    }

    @Test
    @Tag("Z.01")
    void aCreateThatIsCarriedOutAfterItsCallerGaveUpLeavesNothing() throws Exception {
        ground.server().pause();
        assertThatThrownBy(() -> lock.acquire(Duration.ofSeconds(5)))
                .matches(AmbiguityTest::isAmbiguous, "ambiguous")
                .hasMessageContaining("no answer within 1000 ms");
        ground.server().resume();
        LockClient other = ground.client();
        await().until(() -> other.lock("job").tryAcquire().isPresent());
        assertThat(ground.line("job")).hasSize(1);
    }

    @Test
    void anInterruptWhileTheCreateIsUnderWayLeavesNothing() throws Exception {
        ground.server().pause();
        var waiter = new CompletableFuture<Lease>();
        var thread = new Thread(() -> {
            try {
                waiter.complete(lock.acquire());
            } catch (Throwable e) {
                waiter.completeExceptionally(e);
            }
        });
        thread.start();
        thread.interrupt();
        assertThatThrownBy(() -> waiter.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        ground.server().resume();
        LockClient other = ground.client();
        await().until(() -> other.lock("job").tryAcquire().isPresent());
        assertThat(ground.line("job")).hasSize(1);
    }

    @Test
    void aReleaseWithoutAnAnswerIsMadeUpForInTheBackground() throws Exception {
        Lease lease = lock.tryAcquire().orElseThrow();
        ground.server().pause();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        ground.server().resume();
        await().until(() -> ground.line("job").isEmpty());
        assertThat(client.lock("job").tryAcquire()).isPresent();
    }

    @Test
    void aReleaseWithoutAConnectionIsMadeUpForInTheBackground() throws Exception {
        Lease lease = lock.tryAcquire().orElseThrow();
        ground.server().kill();
        await().until(() -> lease.release() == ReleaseOutcome.UNKNOWN);
        ground.server().restart();
        await().atMost(Duration.ofSeconds(20)).until(() -> ground.line("job").isEmpty());
        await().until(() -> client.lock("job").tryAcquire().isPresent());
    }

    @Test
    void withoutAConnectionAnAttemptFailsInItsTimeAndForSure() {
        ground.server().kill();
        await().untilAsserted(() -> assertThatThrownBy(lock::tryAcquire)
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("not connected")
                .matches(e -> !isAmbiguous(e), "not ambiguous"));
    }

    @Test
    void closingIsBoundedWhileTheServerIsSilent() {
        ground.server().pause();
        long begin = System.nanoTime();
        client.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
}
