// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.servers.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** A master that became a replica behind one address: a connection that was made before it leads to the wrong server. */
@Timeout(60)
class RoleChangeTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @AfterEach
    void promote() {
        redis.command("REPLICAOF", "NO", "ONE");
    }

    @ParameterizedTest
    @EnumSource(value = RedisOptions.Variant.class, names = "REDLOCK", mode = EnumSource.Mode.EXCLUDE)
    void connectionThatLeadsToAReplicaIsNotGivenBack(RedisOptions.Variant variant) {
        var application = redis.applicationClient();
        var backend = redis.keep(
                RedisLocks.backend(application, RedisOptions.defaults().withUnsafeVariant(variant)));
        backend.start(redis.keep(new TestContext()));
        redis.command("REPLICAOF", "127.0.0.1", "1");
        assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("READONLY");
        await().until(() -> application.getPool().getDestroyedCount() == 1);
        assertThat(application.getPool().getNumActive()).isZero();
    }

    @Test
    void ownPoolForgetsItsIdleConnectionsToo() {
        var address = new HostAndPort(redis.server().host(), redis.server().port());
        var owner = new OwnPool(address, DefaultJedisClientConfig.builder().build());
        try (var pool = owner.open(4)) {
            var store = new RedisStore(pool, owner, new RedisErrors("here", Optional.empty()));
            store.start(replacement -> {});
            pool.addObjects(4);
            redis.command("REPLICAOF", "127.0.0.1", "1");
            assertThatThrownBy(() -> store.command(
                            StoreCall.begin("a test", Duration.ofSeconds(2)), Command.of("SET", "k", "v")))
                    .hasMessageContaining("READONLY");
            assertThat(pool.getNumIdle()).isZero();
        }
    }

    /** One that lies idle when the server moves, and one that is in use then. */
    @Test
    void connectionThatLeadsToWhereTheServerWasIsNotLentAgain() throws Exception {
        try (var elsewhere = RedisServer.start()) {
            var before = new HostAndPort(redis.server().host(), redis.server().port());
            var after = new HostAndPort(elsewhere.host(), elsewhere.port());
            try (var shell = RedisClient.create(elsewhere.host(), elsewhere.port())) {
                shell.set("where", "elsewhere");
            }
            var whereabouts = new Movable(before);
            var owner =
                    new OwnPool(whereabouts, DefaultJedisClientConfig.builder().build());
            try (var pool = owner.open(4)) {
                pool.addObject();
                pool.addObject();
                var inUse = pool.getResource();
                whereabouts.address = after;
                pool.returnResource(inUse);
                for (int i = 0; i < 4; i++) {
                    var lent = owner.borrow(pool, StoreCall.begin("a test", Duration.ofSeconds(2)));
                    lent.sendCommand(Protocol.Command.GET, "where");
                    assertThat(Replies.text(lent.getOne())).isEqualTo("elsewhere");
                }
            }
        }
    }

    @Test
    void serverThatIsNoMasterIsNotTakenForOne() {
        var master = new SentinelMaster(
                List.of(), "mymaster", DefaultJedisClientConfig.builder().build(), Optional.empty());
        var address = new HostAndPort(redis.server().host(), redis.server().port());
        try (var connection = new Connection(address)) {
            master.check(connection);
            redis.command("REPLICAOF", "127.0.0.1", "1");
            assertThatThrownBy(() -> master.check(connection)).hasMessageContaining("whose role is slave");
        }
    }

    private static final class Movable implements Whereabouts {
        private volatile HostAndPort address;

        Movable(HostAndPort address) {
            this.address = address;
        }

        @Override
        public HostAndPort find(StoreCall call) {
            return address;
        }

        @Override
        public boolean isAt(HostAndPort asked) {
            return asked.equals(address);
        }
    }
}
