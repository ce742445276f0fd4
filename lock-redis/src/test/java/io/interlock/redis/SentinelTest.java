// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LeaseState;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockOptions;
import io.interlock.servers.RedisSentinels;
import io.interlock.servers.RedisServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

/** Real sentinels, and what becomes of locks and waiters when they name another master. */
@Timeout(120)
class SentinelTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @AutoClose
    private final RedisSentinels sentinels = RedisSentinels.start();

    private final LockOptions longLease = LockOptions.defaults().withLease(LONG);

    @Test
    void locksAreKeptOnTheMaster() {
        try (var client = LockClient.open(sentinels.uri());
                var shell = shell(sentinels.master())) {
            var lease = client.lock("a").tryAcquire().orElseThrow();
            assertThat(shell.exists(TestRedis.key("a"))).isTrue();
            lease.close();
            assertThat(shell.exists(TestRedis.key("a"))).isFalse();
        }
    }

    @Test
    void oneSentinelThatAnswersIsEnough() {
        sentinels.sentinels().get(0).pause();
        sentinels.sentinels().get(1).kill();
        try (var client = LockClient.open(sentinels.uri())) {
            assertThat(client.lock("a").tryAcquire()).isPresent();
        } finally {
            sentinels.sentinels().get(0).resume();
        }
    }

    @Test
    void unknownMasterIsRefusedAtOpenInTheSentinelsWords() {
        String uri = sentinels.uri().replace("master=mymaster", "master=nobody");
        assertThatThrownBy(() -> LockClient.open(uri))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("knows no master 'nobody'");
    }

    /** What the replica has goes on: the holder never learns of the fail-over. */
    @Test
    void failOverWhileHeldLeavesTheHolderItsReplicatedLock() throws Exception {
        try (var client = LockClient.open(sentinels.uri())) {
            var lease = client.lock("a", LockOptions.defaults().withLease(Duration.ofSeconds(15)))
                    .acquire();
            awaitReplicated();
            RedisServer master = failOver();
            try (var shell = shell(master)) {
                shell.pexpire(TestRedis.key("a"), 10_000);
                await().atMost(Duration.ofSeconds(20)).until(() -> shell.pttl(TestRedis.key("a")) > 10_000);
            }
            assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        }
    }

    @Test
    void failOverWhileWaitingLetsTheWaiterFollowTheLock() throws Exception {
        try (var holding = LockClient.open(sentinels.uri());
                var waiting = LockClient.open(sentinels.uri() + "&recheck=1h")) {
            var held = holding.lock("a", longLease).acquire();
            awaitReplicated();
            var waiter = waiting.lock("a", longLease).acquireAsync(LONG);
            awaitSubscriber(sentinels.master());
            RedisServer master = failOver();
            awaitSubscriber(master);
            held.release();
            assertThat(waiter.get(20, TimeUnit.SECONDS).isHeld())
                    .as("woken by a message on the new master, for its re-check is an hour away")
                    .isTrue();
        }
    }

    /** No connection breaks: the old master lives on, cut off from its sentinels for a while, as a client may not be. */
    @Test
    void masterThatStoodStillIsLeftForTheNewOne() throws Exception {
        try (var client = LockClient.open(sentinels.uri())) {
            client.lock("before").tryAcquire().orElseThrow().close();
            RedisServer former = sentinels.master();
            former.pause();
            RedisServer master = sentinels.awaitMasterOtherThan(former);
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> client.lock("after").tryAcquire().isPresent());
            try (var shell = shell(master)) {
                assertThat(shell.exists(TestRedis.key("after"))).isTrue();
            }
            former.resume();
        }
    }

    /** The subscriber connection breaks no more than the others, and its own ping is as if it never came. */
    @Test
    void waiterLeavesAMasterThatStandsStillForTheNewOne() throws Exception {
        try (var context = new TestContext();
                var backend = new RedisLockProvider().open(LockConfig.of(sentinels.uri()))) {
            context.ignore(Duration.ofSeconds(10));
            backend.start(context);
            var held = Spi.grant(backend, Spi.request("a"));
            awaitReplicated();
            var woken = new AtomicInteger();
            try (var contender = backend.contend(Spi.waitingRequest("a"), woken::incrementAndGet)) {
                Spi.refused(contender.attempt(Spi.newOwner()));
                awaitSubscriber(sentinels.master());
                RedisServer former = sentinels.master();
                former.pause();
                awaitSubscriber(sentinels.awaitMasterOtherThan(former));
                int before = woken.get();
                held.release();
                await().until(() -> woken.get() > before);
                former.resume();
            }
        }
    }

    private RedisServer failOver() {
        RedisServer former = sentinels.master();
        former.kill();
        return sentinels.awaitMasterOtherThan(former);
    }

    private void awaitReplicated() {
        try (var shell = shell(sentinels.replica())) {
            await().until(() -> shell.exists(TestRedis.key("a")));
        }
    }

    private static void awaitSubscriber(RedisServer server) {
        String channel = TestRedis.key("a") + ":free";
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> Replies.list(TestRedis.ask(server, "PUBSUB", "NUMSUB", channel))
                                .get(1),
                        Long.valueOf(1)::equals);
    }

    private static RedisClient shell(RedisServer server) {
        return RedisClient.create(server.host(), server.port());
    }
}
