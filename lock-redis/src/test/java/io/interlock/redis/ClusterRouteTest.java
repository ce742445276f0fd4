// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.servers.RedisServer;
import io.interlock.servers.RedisServerBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/** Views of a cluster that differ: nodes that are clusters of their own, real ones, stand for nodes that are cut off. */
@Timeout(60)
class ClusterRouteTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String KEY = "key";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<Integer, ConnectionPool> pools = new HashMap<>();
    private final Queue<Runnable> refreshes = new ConcurrentLinkedQueue<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private int poolSize = 2;

    @AfterEach
    void close() throws Exception {
        callers.shutdownNow();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void nodeThatBelongsToNoClusterIsNotBelieved() throws InterruptedException {
        RedisServer forgetful = node();
        RedisServer serving = servingAll();
        var uri = "redis://127.0.0.1:" + forgetful.port() + ",127.0.0.1:" + serving.port() + "?mode=cluster";
        var backend = keep(new RedisLockProvider().open(LockConfig.of(uri)));
        backend.start(keep(new TestContext()));
        assertThat(grant(backend, request("a")).release()).isNotNull();
    }

    @Test
    void nobodyWhoBelongsToAClusterIsTold() {
        var uri = "redis://127.0.0.1:" + node().port() + "?mode=cluster";
        var provider = new RedisLockProvider();
        assertThatThrownBy(() -> provider.open(LockConfig.of(uri)))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("belongs to no cluster");
    }

    @Test
    void nodeThatSeesTooFewOfTheOthersHasThemAskedAndKeepsItsConnections() throws InterruptedException {
        RedisServer serving = servingAll();
        RedisServer cutOff = node();
        ClusterRoute route = connected(serving);
        ServerPool asked = sentOnTo(route, cutOff);
        refreshNow();
        assertThatThrownBy(() -> get(asked))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("CLUSTERDOWN");
        assertThat(refreshes).as("the others are asked").hasSize(1);
        assertThat(pools.get(cutOff.port()).getNumIdle()).isOne();
    }

    @Test
    void nodeThatGaveCauseToAskIsAskedLast() throws InterruptedException {
        RedisServer before = servingAll();
        RedisServer now = servingAll();
        ClusterRoute route = connected(before, now);
        ServerPool server = route.serverOf(call(), KEY);
        assertThat(server.errors().address()).endsWith(":" + before.port());
        before.pause();
        assertThatThrownBy(() ->
                        server.converse(StoreCall.begin("a call", Duration.ofSeconds(1)), false, ClusterRouteTest::get))
                .isInstanceOf(LockBackendException.class);
        before.resume();
        refreshNow();
        assertThat(route.serverOf(call(), KEY).errors().address()).endsWith(":" + now.port());
    }

    /** The pool interrupts who waits when it is closed, as if the application had. */
    @Test
    void whoWaitsForANodeThatServesNothingAnyMoreGetsAnAnswer() throws Exception {
        poolSize = 1;
        ClusterRoute route = connected(servingAll());
        RedisServer former = node();
        ServerPool server = sentOnTo(route, former);
        var holdsTheOnlyConnection = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holding = call(() -> server.converse(call(), false, connection -> {
            holdsTheOnlyConnection.countDown();
            return awaited(goOn);
        }));
        assertThat(holdsTheOnlyConnection.await(10, TimeUnit.SECONDS)).isTrue();
        var waiting = call(() -> server.converse(call(), false, connection -> connection.command(Command.of("PING"))));
        await().until(() -> pools.get(former.port()).getNumWaiters() == 1);
        refreshNow();
        goOn.countDown();
        assertThat(holding.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(Replies.text(waiting.get(10, TimeUnit.SECONDS))).isEqualTo("PONG");
    }

    private <T> CompletableFuture<T> call(Spoken<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.run();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("interrupted, and nobody did", e);
                    }
                },
                callers);
    }

    /** A call to a server. */
    private interface Spoken<T> {
        T run() throws InterruptedException;
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StoreCall call() {
        return StoreCall.begin("a call", Duration.ofSeconds(20));
    }

    private static Object get(ServerPool server) throws InterruptedException {
        return server.converse(call(), false, ClusterRouteTest::get);
    }

    private static Object get(Conversation conversation) {
        return Optional.ofNullable(conversation.command(Command.of("GET", KEY)));
    }

    /** A route whose refreshes are run by {@link #refreshNow}, and whose pools are small. */
    private ClusterRoute connected(RedisServer... seeds) throws InterruptedException {
        var addresses = List.of(seeds).stream()
                .map(seed -> new HostAndPort("127.0.0.1", seed.port()))
                .toList();
        var errors = new RedisErrors("cluster", Optional.empty());
        var route = keep(new ClusterRoute(addresses, this::open, errors, PATIENCE));
        route.connect(call());
        route.start(refreshes::add);
        return route;
    }

    private ServerPool open(HostAndPort address, Runnable trouble) {
        var config = RedisConnector.clientConfig(LockConfig.of("redis://" + address));
        var owner = new OwnPool(address, config);
        ConnectionPool pool = owner.open(poolSize);
        pools.put(address.getPort(), pool);
        return new ServerPool(pool, owner, new RedisErrors(address.toString(), Optional.empty()), trouble);
    }

    private static ServerPool sentOnTo(ClusterRoute route, RedisServer to) {
        var target = new HostAndPort("127.0.0.1", to.port());
        var moved = new JedisMovedDataException("MOVED", target, ClusterSlots.slotOf(KEY));
        return route.follow(moved).orElseThrow();
    }

    private void refreshNow() {
        Optional.ofNullable(refreshes.poll()).orElseThrow().run();
    }

    private RedisServer node() {
        return started(RedisServer.builder().clusterNode());
    }

    private RedisServer servingAll() {
        var server = started(RedisServer.builder().clusterNode().setting("cluster-announce-ip 127.0.0.1"));
        TestRedis.ask(server, "CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await().until(() ->
                Replies.text(TestRedis.ask(server, "CLUSTER", "INFO")).contains("cluster_state:ok"));
        return server;
    }

    private RedisServer started(RedisServerBuilder builder) {
        return keep(builder.start());
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }
}
