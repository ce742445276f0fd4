// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.LockOptions;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a held lock when nodes fail, forget, or are asked by others. */
@Timeout(60)
class RedlockHoldTest {
    @RegisterExtension
    static final TestNodes nodes = new TestNodes();

    @Test
    @Tag("RL.06")
    void rl_06_renewalNeedsAMajority() throws InterruptedException {
        var grant = heldByAll(nodes.backend());
        nodes.server(0).kill();
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.RENEWED);
        long validUntil = grant.validUntil();
        nodes.server(1).kill();
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(grant.validUntil()).isEqualTo(validUntil);
    }

    @Test
    @Tag("RL.06")
    void rl_06_majorityThatForgotIsALoss() throws InterruptedException {
        var grant = heldByAll(nodes.backend());
        var losses = losses(grant);
        nodes.shell(0).del(TestRedis.key("a"));
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.RENEWED);
        nodes.shell(1).del(TestRedis.key("a"));
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.DELETED);
        await().untilAsserted(() -> assertThat(nodes.holding("a")).isEmpty());
    }

    @Test
    @Tag("RL.06")
    void rl_06_renewalBringsNoMissingKeyBack() throws InterruptedException {
        var grant = heldByAll(nodes.backend());
        nodes.shell(2).del(TestRedis.key("a"));
        grant.renew(Spi.LEASE);
        assertThat(nodes.holding("a")).containsExactly(0, 1);
    }

    @Test
    @Tag("RL.06")
    void rl_06_renewalWhoseMajorityAnswersAfterTheEndOfValidityIsNone() throws InterruptedException {
        var context = nodes.keep(new TestContext());
        var config = LockConfig.of(RedlockServers.uri(nodes.ports(), "variant=redlock&restartDelay=0s"));
        var backend = nodes.keep(new RedisLockProvider().open(config));
        backend.start(context);
        var grant = heldByAll(backend);
        var losses = losses(grant);
        context.advance(Spi.LEASE); // the nodes still have it
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.EXPIRED);
        await().untilAsserted(() -> assertThat(nodes.holding("a")).isEmpty());
    }

    @Test
    @Tag("RL.06")
    void rl_06_lossOfTheMajorityIsToldAsSuch() {
        var lease = nodes.client()
                .lock("a", LockOptions.defaults().withLease(Duration.ofSeconds(5)))
                .tryAcquire()
                .orElseThrow();
        var reasons = new CopyOnWriteArrayList<LossReason>();
        lease.onStateChange(change -> change.reason().ifPresent(reasons::add));
        nodes.server(0).kill();
        nodes.server(1).kill();
        await().untilAsserted(() -> assertThat(reasons).containsExactly(LossReason.QUORUM_LOST));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    @Tag("RL.07")
    void rl_07_releaseBearsADeadMinority() throws InterruptedException {
        var grant = heldByAll(nodes.backend("nodeTimeout=10s"));
        nodes.server(1).pause();
        long start = System.nanoTime();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        nodes.server(1).resume();
        grant(nodes.backend(), request("a"));
    }

    @Test
    @Tag("RL.07")
    void rl_07_releaseThatNoMajorityAnswersIsUnknown() throws InterruptedException {
        var grant = heldByAll(nodes.backend());
        nodes.server(0).kill();
        nodes.server(1).kill();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
    }

    @Test
    void releaseOfWhatAMajorityForgotSaysSo() throws InterruptedException {
        var grant = heldByAll(nodes.backend());
        nodes.shell(0).del(TestRedis.key("a"));
        nodes.shell(1).del(TestRedis.key("a"));
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
    }

    /** Why there is a delay: without it, a node that starts empty votes for a second holder. */
    @Test
    @Tag("RL.08")
    void rl_08_nodeThatStartsEmptyInsideALeaseGivesTheLockAway() throws InterruptedException {
        holdBy0And1();
        nodes.server(1).kill();
        nodes.restart(1);
        grant(nodes.backend(), request("a"));
    }

    @Test
    @Tag("RL.08")
    void rl_08_nodeThatWasStartedInsideTheRestartDelayHasNoVote() throws InterruptedException {
        holdBy0And1();
        nodes.server(1).kill();
        nodes.restart(1);
        var careful = nodes.backend("restartDelay=1h");
        assertThatThrownBy(() -> attempt(careful, request("a"), newOwner()))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("restartDelay of 3600000 ms");
        assertThat(nodes.holding("a")).containsExactly(0);
    }

    @Test
    @Tag("RL.08")
    void rl_08_nodeHasAVoteAgainWhenTheDelayIsOver() {
        var options = LockOptions.defaults().withLease(Duration.ofSeconds(1));
        nodes.server(1).kill();
        nodes.server(2).kill();
        nodes.restart(1);
        nodes.restart(2);
        var lock = nodes.client("restartDelay=2s", "lease=1s").lock("a", options);
        assertThatThrownBy(lock::tryAcquire).hasMessageContaining("restartDelay of 2000 ms");
        await().ignoreExceptionsInstanceOf(LockBackendException.class)
                .until(() -> lock.tryAcquire().isPresent());
    }

    @Test
    void holderIsWhomAMajorityNames() throws InterruptedException {
        var backend = nodes.backend();
        assertThat(backend.holder("a")).isEmpty();
        var grant = grant(backend, request("a"));
        var holder = backend.holder("a").orElseThrow();
        assertThat(holder.host()).isEqualTo("web-3");
        assertThat(holder.fencingToken()).hasValue(grant.fencingToken());
        nodes.server(0).kill();
        assertThat(backend.holder("a").map(HolderInfo::host)).contains("web-3");
    }

    @Test
    void nobodyHoldsWhatAMinorityHasDown() {
        nodes.occupy(0, "a");
        assertThat(nodes.backend().holder("a")).isEmpty();
    }

    @Test
    void holderIsNotKnownWithoutAMajority() {
        var backend = nodes.backend();
        nodes.server(0).kill();
        nodes.server(1).kill();
        assertThatThrownBy(() -> backend.holder("a")).isInstanceOf(LockBackendException.class);
    }

    @Test
    void operatorEndsAGrantAtAllNodes() throws InterruptedException {
        var backend = nodes.backend();
        var grant = heldByAll(backend);
        var losses = losses(grant);
        assertThat(backend.forceRelease("a", grant.fencingToken() + 1)).isFalse();
        assertThat(backend.forceRelease("a", grant.fencingToken())).isTrue();
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.FORCED);
    }

    /** Held by the first two; the third is free, as though it had been down. */
    private static void holdBy0And1() throws InterruptedException {
        nodes.occupy(2, "a");
        grant(nodes.backend(), request("a"));
        nodes.shell(2).del(TestRedis.key("a"));
        refused(attempt(nodes.backend(), request("a"), newOwner()));
        await().untilAsserted(() -> assertThat(nodes.holding("a")).containsExactly(0, 1));
    }

    private static Grant heldByAll(LockBackend backend) throws InterruptedException {
        var grant = grant(backend, request("a"));
        await().until(() ->
                List.of(0, 1, 2).stream().allMatch(node -> nodes.shell(node).hexists(TestRedis.key("a"), "agreed")));
        return grant;
    }

    private static List<LossReason> losses(Grant grant) {
        var losses = new CopyOnWriteArrayList<LossReason>();
        grant.watch(new GrantListener() {
            @Override
            public void suspended() {}

            @Override
            public void resumed() {}

            @Override
            public void lost(LossReason reason) {
                losses.add(reason);
            }
        });
        return losses;
    }
}
