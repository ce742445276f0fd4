// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static io.interlock.redis.Spi.waitingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.servers.RedisCluster;
import io.interlock.servers.RedisServer;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** A real cluster whose slots move and whose masters die. One for all tests; each has lock names of its own. */
@Timeout(120)
class ClusterTest {
    private static final LockOptions LONG = LockOptions.defaults().withLease(Duration.ofSeconds(60));
    private static RedisCluster cluster;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", "setnx-expire&allowUnsafe=true", "setnx-timestamp&allowUnsafe=true"})
    @Tag("R.07")
    void r07_locksOfAllSlotsAreKeptOnTheirNodes(String variant) throws InterruptedException {
        var backend = backend("variant=" + variant);
        for (String name : List.of("a", "b", "c", "{}", "}x{", "{x}a", "größe")) {
            var grant = grant(backend, request(variant + name));
            refused(attempt(backend, request(variant + name), newOwner()));
            assertThat(exists(master(variant + name), TestRedis.key(variant + name)))
                    .isTrue();
            assertThat(backend.holder(variant + name)).isPresent();
            assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.RENEWED);
            assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
            backend.undo(request(variant + name), newOwner());
        }
    }

    /** A name that the nodes do not know themselves by, and a node that is no master. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void oneNodeIsEnoughToFindTheOthers(int node) {
        String uri = "redis://localhost:" + cluster.nodes().get(node).port() + "?mode=cluster";
        try (var client = LockClient.open(uri)) {
            for (String name : List.of("a", "b", "c", "d")) {
                client.lock("found-" + name).tryAcquire().orElseThrow().close();
            }
        }
    }

    @Test
    void waiterIsWokenByAMessageOfTheNodeOfItsSlot() throws Exception {
        var backend = backend("recheck=1h");
        var held = grant(backend, request("waited"));
        var woken = new AtomicInteger();
        try (var contender = backend.contend(waitingRequest("waited"), woken::incrementAndGet)) {
            refused(contender.attempt(newOwner()));
            await().until(() -> woken.get() == 1);
            assertThat(shardSubscribers(master("waited"), "waited")).isOne();
            held.release();
            await().until(() -> woken.get() == 2);
        }
        await().until(() -> shardSubscribers(master("waited"), "waited") == 0);
    }

    /** Before their connections are made, so that many are to be subscribed to at once. */
    @Test
    void channelsOfSeveralSlotsOfANodeAreSubscribedToTogether() {
        var context = keep(new TestContext());
        var store = keep(RedisConnector.connect(LockConfig.of(uri())));
        store.start(context.ioExecutor());
        var wakeUps = keep(store.wakeUps(context, Duration.ofSeconds(2)));
        var woken = ConcurrentHashMap.<String>newKeySet();
        for (int i = 0; i < 50; i++) {
            String channel = TestRedis.key("together" + i) + ":free";
            wakeUps.subscribe(channel, () -> woken.add(channel));
        }
        await().until(() -> woken.size() == 50);
    }

    /** The old node sends on to the new one, by MOVED. */
    @Test
    @Tag("R.07")
    void r07_slotThatMovedIsFollowed() throws InterruptedException {
        var backend = backend();
        var held = grant(backend, request("moved"));
        RedisServer to = otherMaster("moved");
        cluster.move(slot("moved"), to);
        assertThat(held.renew(Spi.LEASE)).isEqualTo(RenewOutcome.RENEWED);
        refused(attempt(backend, request("moved"), newOwner()));
        assertThat(held.release()).isEqualTo(ReleaseOutcome.RELEASED);
        var again = grant(backend, request("moved"));
        assertThat(again.fencingToken()).as("the fence has moved too").isGreaterThan(held.fencingToken());
        assertThat(exists(to, TestRedis.key("moved"))).isTrue();
    }

    /** One key only, so that it can be found while its slot is under way. */
    @Test
    @Tag("R.07")
    void r07_keyThatIsUnderWayIsAskedForWhereItIs() throws InterruptedException {
        var backend = backend("variant=set-nx-px");
        var held = grant(backend, request("asked"));
        RedisServer to = otherMaster("asked");
        cluster.beginMove(slot("asked"), to);
        assertThat(held.renew(Spi.LEASE)).as("still at the old node").isEqualTo(RenewOutcome.RENEWED);
        cluster.moveKeys(slot("asked"), to);
        assertThat(held.renew(Spi.LEASE)).as("at the new one").isEqualTo(RenewOutcome.RENEWED);
        refused(attempt(backend, request("asked"), newOwner()));
        assertThat(held.release()).isEqualTo(ReleaseOutcome.RELEASED);
        grant(backend, request("asked"));
        cluster.endMove(slot("asked"), to);
        refused(attempt(backend, request("asked"), newOwner()));
    }

    /** A script of several keys can't run while half of them are elsewhere; that is over soon, and worth waiting for. */
    @Test
    @Tag("R.07")
    void callThatMeetsAHalfMovedLockTriesAgainWithinItsTime() throws Exception {
        var client = keep(LockClient.open(uri()));
        client.lock("halfway").tryAcquire().orElseThrow().close();
        RedisServer to = otherMaster("halfway");
        cluster.beginMove(slot("halfway"), to);
        var pending = client.lock("halfway").acquireAsync(Duration.ofSeconds(30));
        await().until(() -> errorsOf(cluster.masterOf(slot("halfway")), "TRYAGAIN") > 0);
        cluster.moveKeys(slot("halfway"), to);
        cluster.endMove(slot("halfway"), to);
        assertThat(pending.get(30, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    @Test
    @Tag("R.07")
    void waiterFollowsItsSlot() throws Exception {
        var holding = keep(LockClient.open(uri()));
        var waiting = keep(LockClient.open(uri("recheck=1h")));
        var held = holding.lock("followed", LONG).acquire();
        var waiter = waiting.lock("followed", LONG).acquireAsync(Duration.ofSeconds(60));
        await().until(() -> shardSubscribers(master("followed"), "followed") == 1);
        RedisServer to = otherMaster("followed");
        cluster.move(slot("followed"), to);
        await().until(() -> shardSubscribers(to, "followed") == 1);
        held.close();
        assertThat(waiter.get(20, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    /** The reply is lost; whoever repeated the command would let a grant loose that nobody knows of. */
    @Test
    void grantingCommandThatIsNotAnsweredIsNotRepeated() throws InterruptedException {
        var backend = backend();
        grant(backend, request("repeated"));
        RedisServer master = master("repeated");
        long before = callsOf(master, "evalsha");
        master.pause();
        var request = request("repeated", Spi.LEASE, Duration.ofMillis(300));
        assertThatThrownBy(() -> attempt(backend, request, newOwner()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        master.resume();
        assertThat(callsOf(master, "evalsha")).isEqualTo(before + 1);
    }

    @Test
    void failOverOfAMasterIsSurvivedByHoldersAndWaiters() throws Exception {
        try (var own = RedisCluster.start();
                var holding = LockClient.open(own.uri());
                var waiting = LockClient.open(own.uri() + "&recheck=1h")) {
            var held = holding.lock("a", LONG).acquire();
            var waiter = waiting.lock("a", LONG).acquireAsync(Duration.ofSeconds(60));
            RedisServer former = own.masterOf(slot("a"));
            await().until(() -> shardSubscribers(former, "a") == 1);
            awaitReplicas(former);
            former.kill();
            RedisServer next = own.awaitMasterOtherThan(former, slot("a"));
            assertThat(exists(next, TestRedis.key("a"))).isTrue();
            await().atMost(Duration.ofSeconds(30)).until(() -> shardSubscribers(next, "a") == 1);
            assertThat(waiter).isNotDone();
            held.release();
            assertThat(waiter.get(20, TimeUnit.SECONDS).isHeld()).isTrue();
        }
    }

    private static void awaitReplicas(RedisServer master) {
        try (var shell = RedisClient.create(master.host(), master.port())) {
            await().until(() -> {
                String replication = shell.info("replication");
                String offset = replication.replaceAll("(?s).*master_repl_offset:(\\d+).*", "$1");
                return replication.contains("offset=" + offset + ",");
            });
        }
    }

    private LockBackend backend(String... settings) {
        var backend = keep(new RedisLockProvider().open(LockConfig.of(uri(settings))));
        backend.start(keep(new TestContext()));
        return backend;
    }

    private static String uri(String... settings) {
        return cluster.uri() + (settings.length == 0 ? "" : "&" + String.join("&", settings));
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    private static int slot(String name) {
        return ClusterSlots.slotOf(TestRedis.key(name));
    }

    private static RedisServer master(String name) {
        return cluster.masterOf(slot(name));
    }

    private static RedisServer otherMaster(String name) {
        RedisServer master = master(name);
        return cluster.nodes().subList(0, 3).stream()
                .filter(node -> node != master)
                .findFirst()
                .orElseThrow();
    }

    private static boolean exists(RedisServer node, String key) {
        try (var shell = RedisClient.create(node.host(), node.port())) {
            return shell.exists(key);
        }
    }

    private static long shardSubscribers(RedisServer node, String name) {
        String channel = TestRedis.key(name) + ":free";
        return (Long) Replies.list(TestRedis.ask(node, "PUBSUB", "SHARDNUMSUB", channel))
                .get(1);
    }

    private static long callsOf(RedisServer node, String command) {
        try (var shell = RedisClient.create(node.host(), node.port())) {
            return shell.info("commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                    .sum();
        }
    }

    private static long errorsOf(RedisServer node, String kind) {
        try (var shell = RedisClient.create(node.host(), node.port())) {
            return shell.info("errorstats")
                    .lines()
                    .filter(line -> line.startsWith("errorstat_" + kind + ":"))
                    .count();
        }
    }
}
