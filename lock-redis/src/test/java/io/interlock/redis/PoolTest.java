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
import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;

/** An application's own client: what it lends comes back as it was. */
@Timeout(60)
class PoolTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final OwnPool ownPool = new OwnPool(
            new HostAndPort(redis.server().host(), redis.server().port()),
            DefaultJedisClientConfig.builder().build());

    @ParameterizedTest
    @EnumSource(names = {"RESP2", "RESP3"})
    void bothProtocolsLockAndWakeUp(RedisProtocol protocol) throws Exception {
        var application = redis.keep(RedisClient.builder()
                .hostAndPort(redis.server().host(), redis.server().port())
                .clientConfig(
                        DefaultJedisClientConfig.builder().protocol(protocol).build())
                .build());
        var backend = started(application);
        var held = grant(backend, request("a"));
        assertThat(backend.holder("a")).isPresent();
        var woken = new AtomicInteger();
        try (var contender = backend.contend(waitingRequest("a"), woken::incrementAndGet)) {
            refused(contender.attempt(newOwner()));
            await().until(() -> woken.get() == 1);
            held.release();
            await().until(() -> woken.get() == 2);
        }
    }

    @Test
    void connectionComesBackWithItsOwnTimeout() throws InterruptedException {
        var application = redis.applicationClient();
        int timeout = 1234;
        try (var connection = application.getPool().getResource()) {
            connection.setSoTimeout(timeout);
        }
        var grant = grant(started(application), request("a"));
        grant.renew(Spi.LEASE);
        grant.release();
        try (var connection = application.getPool().getResource()) {
            assertThat(connection.getSoTimeout()).isEqualTo(timeout);
        }
        assertThat(application.getPool().getCreatedCount()).isEqualTo(1);
    }

    @Test
    void connectionComesBackAfterAnErrorReply() {
        var application = redis.applicationClient();
        var backend = started(application);
        redis.shell().rpush(TestRedis.key("a"), "mine");
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> attempt(backend, request("a"), newOwner())).hasMessageContaining("WRONGTYPE");
        }
        assertThat(application.getPool().getNumActive()).isZero();
        assertThat(application.getPool().getCreatedCount()).isEqualTo(1);
    }

    @Test
    void brokenConnectionIsDroppedAndTheNextCallWorks() throws InterruptedException {
        var proxy = redis.proxy();
        var application = redis.keep(RedisClient.create("127.0.0.1", proxy.port()));
        var backend = started(application);
        grant(backend, request("a"));
        proxy.cut();
        assertThatThrownBy(() -> attempt(backend, request("b"), newOwner())).isInstanceOf(LockBackendException.class);
        grant(backend, request("c"));
        await().until(() -> application.getPool().getNumActive() == 0);
    }

    @Test
    void clientIsNotClosedWithTheLocks() throws InterruptedException {
        var application = redis.applicationClient();
        try (var client = LockClient.of(RedisLocks.backend(application))) {
            client.lock("a").acquire().close();
        }
        assertThat(application.ping()).isEqualTo("PONG");
    }

    @Test
    void optionsOfTheFactoryAreUsed() throws InterruptedException {
        var options = RedisOptions.defaults().withNamespace("mine").withVariant(RedisOptions.Variant.SET_NX_PX);
        try (var client = LockClient.of(RedisLocks.backend(redis.applicationClient(), options));
                var lease = client.lock("a").acquire()) {
            assertThat(redis.shell().type("interlock:{mine:a}")).isEqualTo("string");
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void exhaustedPoolEndsTheCallInTimeAndIsNotAmbiguous() {
        var application = onePooled();
        var backend = started(application);
        try (var taken = application.getPool().getResource()) {
            assertThat(taken.isConnected()).isTrue();
            long before = System.nanoTime();
            assertThatThrownBy(() -> attempt(backend, request("a", Spi.LEASE, Duration.ofMillis(300)), newOwner()))
                    .hasMessageContaining("no pooled connection")
                    .isInstanceOfSatisfying(
                            LockBackendException.class,
                            e -> assertThat(e.isAmbiguous()).isFalse());
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(2));
        }
    }

    @Test
    void interruptWhileThePoolIsExhaustedPassesThrough() {
        var application = onePooled();
        var backend = started(application);
        try (var taken = application.getPool().getResource()) {
            assertThat(taken.isConnected()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void waitersKeepNoPooledConnection() throws Exception {
        var application = onePooled();
        var backend = started(application);
        for (int i = 0; i < 5; i++) {
            grant(backend, request("lock" + i));
            var contender = redis.keep(backend.contend(waitingRequest("lock" + i), () -> {}));
            refused(contender.attempt(newOwner()));
        }
        assertThat(application.getPool().getNumActive()).isZero();
    }

    /** The pool replaces what it drops at once, and on the thread that dropped it. */
    @Test
    void callThatLosesItsConnectionDoesNotWaitForTheNextOne() throws InterruptedException {
        var application = redis.keep(RedisClient.builder()
                .hostAndPort(redis.server().host(), redis.server().port())
                .clientConfig(
                        DefaultJedisClientConfig.builder().timeoutMillis(20_000).build())
                .build());
        var backend = started(application);
        grant(backend, request("a"));
        redis.server().pause();
        long before = System.nanoTime();
        assertThatThrownBy(() -> attempt(backend, request("b", Spi.LEASE, Duration.ofMillis(200)), newOwner()))
                .isInstanceOf(LockBackendException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    /** The pool is empty after an outage, and making a connection must not take the pool's timeout of its own. */
    @Test
    void callThatHasToConnectEndsWithinItsOwnTimeout() {
        var backend = redis.backend("callTimeout=20s");
        redis.server().pause();
        for (int i = 0; i < 2; i++) {
            long before = System.nanoTime();
            assertThatThrownBy(() -> attempt(backend, request("a", Spi.LEASE, Duration.ofMillis(200)), newOwner()))
                    .isInstanceOf(LockBackendException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void ownPoolForgetsItsIdleConnectionsWhenOneBroke() throws Exception {
        try (var pool = ownPool.open(4)) {
            var store = ownStore(pool);
            redis.command("CLIENT", "KILL", "TYPE", "normal");
            assertThatThrownBy(() -> ping(store, Duration.ofSeconds(2))).isInstanceOf(LockBackendException.class);
            assertThat(pool.getNumIdle()).isZero();
        }
    }

    /** One slow answer, of a long script for example, says nothing of the other connections. */
    @Test
    void ownPoolKeepsItsIdleConnectionsWhenOneWasSlow() throws Exception {
        try (var pool = ownPool.open(4)) {
            var store = ownStore(pool);
            redis.server().pause();
            assertThatThrownBy(() -> ping(store, Duration.ofMillis(200))).isInstanceOf(LockBackendException.class);
            assertThat(pool.getNumIdle()).isEqualTo(3);
        }
    }

    /** A pool that refuses at once did not wait for the whole timeout. */
    @Test
    void poolThatDoesNotWaitIsReportedInItsOwnWords() {
        var application = onePooled();
        application.getPool().setBlockWhenExhausted(false);
        var backend = started(application);
        try (var taken = application.getPool().getResource()) {
            assertThat(taken.isConnected()).isTrue();
            assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                    .hasMessageContainingAll("no pooled connection", "exhausted")
                    .hasMessageNotContaining("within");
        }
    }

    private static RedisStore ownStore(ConnectionPool pool) throws Exception {
        var store = new RedisStore(pool, ownPool, new RedisErrors("here", Optional.empty()));
        store.start(replacement -> {});
        pool.addObjects(4);
        return store;
    }

    private static void ping(RedisStore store, Duration timeout) throws InterruptedException {
        store.command(StoreCall.begin("a test", timeout), Command.of("PING"));
    }

    private static RedisClient onePooled() {
        var config = new ConnectionPoolConfig();
        config.setMaxTotal(1);
        return redis.keep(RedisClient.builder()
                .hostAndPort(
                        new HostAndPort(redis.server().host(), redis.server().port()))
                .poolConfig(config)
                .build());
    }

    private static LockBackend started(RedisClient application) {
        var backend = redis.keep(RedisLocks.backend(application));
        backend.start(redis.keep(new TestContext()));
        return backend;
    }
}
