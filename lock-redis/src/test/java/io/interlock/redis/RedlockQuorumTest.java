// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.OwnerId;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is granted, by how many nodes, and for how long. */
@Timeout(60)
class RedlockQuorumTest {
    @RegisterExtension
    static final TestNodes nodes = new TestNodes();

    @Test
    @Tag("RL.01")
    void rl_01_twoOfThreeNodesAreEnough() throws InterruptedException {
        nodes.occupy(1, "a");
        grant(nodes.backend(), request("a"));
        assertThat(nodes.holding("a")).containsExactly(0, 1, 2);
    }

    @Test
    @Tag("RL.01")
    void rl_01_oneOfThreeNodesIsNotEnough() throws InterruptedException {
        nodes.occupy(1, "a");
        nodes.occupy(2, "a");
        refused(attempt(nodes.backend(), request("a"), newOwner()));
        await().untilAsserted(() -> assertThat(nodes.holding("a")).containsExactly(1, 2));
    }

    @Test
    @Tag("RL.01")
    void rl_01_majorityThatIsDownIsAFailureAndNoRefusal() {
        var backend = nodes.backend();
        nodes.server(1).kill();
        nodes.server(2).kill();
        assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("fewer than 2 of 3 redis nodes answered")
                .hasMessageContaining(Integer.toString(nodes.server(2).port()));
    }

    @Test
    @Tag("RL.01")
    void rl_01_twoWaysToOneServerHaveOneVote() throws InterruptedException {
        var twice = List.of(nodes.applicationClient(0), nodes.applicationClient(0), nodes.applicationClient(1));
        var options = RedlockOptions.defaults().withRestartDelay(Duration.ZERO);
        var backend = nodes.started(RedisLocks.redlock(twice, RedisOptions.defaults(), options));
        grant(backend, request("a")).release();
        nodes.server(1).kill();
        assertThatThrownBy(() -> attempt(backend, request("b"), newOwner())).isInstanceOf(LockBackendException.class);
    }

    @Test
    @Tag("RL.02")
    void rl_02_validityIsTheLeaseLessDriftFromBeforeTheRequests() throws Exception {
        var proxies = nodes.proxies();
        var backend = nodes.backendAt(proxies.stream().map(FaultProxy::port).toList());
        grant(backend, request("warm")).release();
        var owner = newOwner();
        proxies.forEach(proxy -> proxy.hold(owner.toString()));
        long before = System.nanoTime();
        CompletableFuture<Grant> granting = CompletableFuture.supplyAsync(() -> attempted(backend, owner));
        for (FaultProxy proxy : proxies) {
            proxy.awaitHeld();
        }
        long sent = System.nanoTime();
        for (FaultProxy proxy : proxies) {
            proxy.release();
        }
        long validUntil = granting.get(10, TimeUnit.SECONDS).validUntil();
        assertThat(validUntil).isBetween(Validity.end(before, Spi.LEASE), Validity.end(sent, Spi.LEASE));
        assertThat(Validity.drift(Spi.LEASE)).isEqualTo(Spi.LEASE.dividedBy(100).plusMillis(2));
    }

    private static Grant attempted(LockBackend backend, OwnerId owner) {
        try {
            return granted(attempt(backend, request("a"), owner));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("RL.04")
    void rl_04_minorityThatHangsCostsNothing() throws InterruptedException {
        var backend = nodes.backend("nodeTimeout=10s");
        grant(backend, request("warm")).release();
        nodes.server(0).pause();
        long start = System.nanoTime();
        grant(backend, request("a")).release();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    /** A node that says nothing does not make a lock that a majority has down as another's one that is shared out. */
    @Test
    void refusalByAMajorityIsNoSplitVoteWhileANodeHangs() throws InterruptedException {
        var backend = nodes.backend("poll=1m");
        grant(backend, request("a"));
        await().until(() -> nodes.holding("a").size() == 3);
        nodes.server(0).pause();
        for (int i = 0; i < 8; i++) {
            assertThat(refused(attempt(backend, request("a"), newOwner())).retryAfter())
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    @Tag("RL.04")
    void rl_04_majorityThatHangsIsWaitedForNoLongerThanANode() throws InterruptedException {
        var backend = nodes.backend("nodeTimeout=2s");
        grant(backend, request("warm")).release();
        nodes.server(0).pause();
        nodes.server(1).pause();
        long start = System.nanoTime();
        var request = request("a", Spi.LEASE, Duration.ofSeconds(20));
        assertThatThrownBy(() -> attempt(backend, request, newOwner()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(1_990), Duration.ofMillis(3_900));
    }

    @Test
    @Tag("RL.05")
    void rl_05_splitVotesEnd() throws Exception {
        var rounds = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 3; i++) {
            DistributedLock lock = nodes.client("poll=10ms").lock("a");
            rounds.add(CompletableFuture.supplyAsync(() -> served(lock)));
        }
        for (var served : rounds) {
            assertThat(served.get(30, TimeUnit.SECONDS)).isEqualTo(20);
        }
    }

    private static int served(DistributedLock lock) {
        int times = 0;
        try {
            while (times < 20) {
                try (Lease lease = lock.acquire(Duration.ofSeconds(10))) {
                    times += lease.isHeld() ? 1 : 0;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return times;
    }
}
