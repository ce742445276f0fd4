// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockClient;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions in doubt and at their end, and nodes that vanish. */
class LossTest {
    private Ground ground = Ground.shared();

    @AfterEach
    void end() throws Exception {
        ground.close();
    }

    private static List<LeaseStateChange> heard(Lease lease) {
        var heard = new CopyOnWriteArrayList<LeaseStateChange>();
        lease.onStateChange(heard::add);
        return heard;
    }

    private static boolean isLost(List<LeaseStateChange> heard, LossReason reason) {
        return heard.stream().anyMatch(change -> change.reason().equals(java.util.Optional.of(reason)));
    }

    /** Whoever watches waits: before that it makes its first attempt, which may fail. */
    private void awaitWaiter() throws Exception {
        String holder = ground.paths("job").child(ground.line("job").get(0).name());
        await().until(() -> ground.watches(holder) == 1);
    }

    private LockClient of(CuratorFramework framework) {
        return ground.keep(LockClient.of(
                ZooKeeperLocks.backend(framework, ZooKeeperOptions.defaults().withNamespace(ground.namespace()))));
    }

    @Test
    void aNodeThatAnAdministratorDeletesIsALoss() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        List<LeaseStateChange> heard = heard(lease);
        ground.delete("job", ground.line("job").get(0));
        await().until(() -> isLost(heard, LossReason.DELETED));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(ground.client().lock("job").tryAcquire()).isPresent();
    }

    @Test
    void whoeverIsNextHasTakenIt() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        List<LeaseStateChange> heard = heard(lease);
        var next = ground.client().lock("job").acquireAsync();
        await().until(() -> ground.line("job").size() == 2);
        ground.delete("job", ground.line("job").get(0));
        await().until(() -> isLost(heard, LossReason.TAKEN));
        next.get().release();
    }

    @Test
    @Tag("Z.05")
    void anEndedSessionIsALossAndTheNextSessionDoesNotAdoptItsNode() throws Exception {
        CuratorFramework framework = ground.framework(20_000);
        LockClient client = of(framework);
        Lease lease = client.lock("job").tryAcquire().orElseThrow();
        List<LeaseStateChange> heard = heard(lease);
        ground.endSessionOf(framework);
        await().until(() -> isLost(heard, LossReason.SESSION_LOST));
        assertThat(lease.isHeld()).isFalse();
        Lease next = client.lock("job").tryAcquire(Duration.ofSeconds(10)).orElseThrow();
        assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(next.isHeld()).isTrue();
        assertThat(ground.line("job")).hasSize(1);
    }

    @Test
    void aWaiterWhoseSessionEndsQueuesAgain() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        CuratorFramework framework = ground.framework(2_000);
        CompletableFuture<Lease> waiter = of(framework).lock("job").acquireAsync(Duration.ofSeconds(30));
        awaitWaiter();
        ContenderNode first = ground.line("job").get(1);
        ground.endSessionOf(framework);
        await().until(() ->
                ground.line("job").size() == 2 && !ground.line("job").contains(first));
        lease.release();
        assertThat(waiter.get(10, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    @Test
    @Tag("Z.09")
    void aShortOutageSuspendsTheLeaseAndTheSameSessionResumesIt() throws Exception {
        ground.close();
        ground = Ground.alone();
        Lease lease = ground.client("&session=20s").lock("job").tryAcquire().orElseThrow();
        List<LeaseStateChange> heard = heard(lease);
        ground.server().kill();
        await().until(() -> lease.state() == LeaseState.SUSPECT);
        assertThat(lease.isHeld()).isTrue(); // by its validity
        ground.server().restart();
        await().until(() -> lease.state() == LeaseState.HELD);
        await().untilAsserted(() -> assertThat(heard)
                .extracting(LeaseStateChange::state)
                .containsExactly(LeaseState.SUSPECT, LeaseState.HELD));
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    @Tag("Z.09")
    void aLeaseEndsByItsOwnClockWhileTheServerIsSilent() throws Exception {
        ground.close();
        ground = Ground.alone();
        Lease lease = ground.client("&session=2s").lock("job").tryAcquire().orElseThrow();
        List<LeaseStateChange> heard = heard(lease);
        ground.server().pause();
        try {
            Duration left = lease.remaining();
            assertThat(left).isBetween(Duration.ofMillis(1), Duration.ofMillis(1978));
            await().atMost(left.plusSeconds(1)).until(() -> !lease.isHeld());
            await().until(() -> isLost(heard, LossReason.UNREACHABLE));
        } finally {
            ground.server().resume();
        }
        await().until(() -> ground.line("job").isEmpty());
    }

    @Test
    void aWaiterKeepsItsPlaceOverAShortOutage() throws Exception {
        ground.close();
        ground = Ground.alone();
        Lease lease = ground.client("&session=20s").lock("job").tryAcquire().orElseThrow();
        CompletableFuture<Lease> waiter =
                ground.client("&session=20s").lock("job").acquireAsync(Duration.ofSeconds(60));
        awaitWaiter();
        List<ContenderNode> before = ground.line("job");
        ground.server().kill();
        await().until(() -> lease.state() == LeaseState.SUSPECT);
        ground.server().restart();
        await().until(() -> lease.state() == LeaseState.HELD);
        assertThat(ground.line("job")).isEqualTo(before);
        lease.release();
        assertThat(waiter.get(20, TimeUnit.SECONDS).isHeld()).isTrue();
    }
}
