// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Granting, refusing, waiting in line and leaving it. */
class AcquireReleaseTest {
    private Ground ground;

    @BeforeEach
    void begin() {
        ground = Ground.shared();
    }

    @AfterEach
    void end() throws Exception {
        ground.close();
    }

    @Test
    void aFreeLockIsGrantedAndAHeldOneRefused() throws Exception {
        LockClient one = ground.client();
        LockClient two = ground.client();
        Lease lease = one.lock("job").tryAcquire().orElseThrow();
        assertThat(lease.isHeld()).isTrue();
        assertThat(two.lock("job").tryAcquire()).isEmpty();
        assertThat(one.lock("job").tryAcquire()).isEmpty();
        assertThat(ground.line("job")).hasSize(1);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(ground.line("job")).isEmpty();
        assertThat(two.lock("job").tryAcquire()).isPresent();
    }

    @Test
    void aRefusedTryCreatesNothing() throws Exception {
        assertThat(ground.client().lock("job").tryAcquire()).isPresent();
        int madeBefore =
                ground.hand().checkExists().forPath(ground.paths("job").lock()).getCversion();
        assertThat(ground.client().lock("job").tryAcquire()).isEmpty();
        assertThat(ground.hand()
                        .checkExists()
                        .forPath(ground.paths("job").lock())
                        .getCversion())
                .isEqualTo(madeBefore);
    }

    @Test
    void waitersAreServedInTheOrderInWhichTheyQueued() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        CompletableFuture<Lease> second = ground.client().lock("job").acquireAsync();
        await().until(() -> ground.line("job").size() == 2);
        CompletableFuture<Lease> third = ground.client().lock("job").acquireAsync();
        await().until(() -> ground.line("job").size() == 3);
        lease.release();
        Lease next = second.join();
        assertThat(third).isNotDone();
        next.release();
        assertThat(third.join().isHeld()).isTrue();
    }

    @Test
    void whoGivesUpLeavesNoNode() throws Exception {
        assertThat(ground.client().lock("job").tryAcquire()).isPresent();
        assertThat(ground.client().lock("job").tryAcquire(Duration.ofMillis(100)))
                .isEmpty();
        await().until(() -> ground.line("job").size() == 1);
    }

    @Test
    void aWaiterThatLeavesNeitherStrandsNorPromotesItsFollower() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        CompletableFuture<Lease> second = ground.client().lock("job").acquireAsync();
        await().until(() -> ground.line("job").size() == 2);
        CompletableFuture<Lease> third = ground.client().lock("job").acquireAsync();
        await().until(() -> ground.line("job").size() == 3);
        second.cancel(true);
        await().until(() -> ground.line("job").size() == 2);
        assertThat(third).isNotDone();
        lease.release();
        assertThat(third.get(20, java.util.concurrent.TimeUnit.SECONDS).isHeld())
                .isTrue();
    }

    @Test
    void tokensIncrease() {
        LockClient client = ground.client();
        long last = 0;
        for (int i = 0; i < 50; i++) {
            Lease lease = client.lock("job").tryAcquire().orElseThrow();
            assertThat(lease.fencingToken()).isGreaterThan(last);
            last = lease.fencingToken();
            lease.release();
        }
    }

    @Test
    void aLeaseOutlivesManySessionTimeouts() {
        LockClient client = ground.client("&session=3s");
        Lease lease = client.lock("job").tryAcquire().orElseThrow();
        await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ofSeconds(12)).until(() -> true);
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }
}
