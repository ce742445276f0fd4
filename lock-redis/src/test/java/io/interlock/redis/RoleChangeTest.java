// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;

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
    @EnumSource(RedisOptions.Variant.class)
    void connectionThatLeadsToAReplicaIsNotGivenBack(RedisOptions.Variant variant) {
        var application = redis.applicationClient();
        var backend = redis.keep(
                RedisLocks.backend(application, RedisOptions.defaults().withVariant(variant)));
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
}
