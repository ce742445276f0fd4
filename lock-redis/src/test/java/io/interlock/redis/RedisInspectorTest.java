// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.tck.StoreInspector;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisInspectorTest {
    @RegisterExtension
    static final TestRedis REDIS = new TestRedis();

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void seesAnEntryComeAndGo(String variant) {
        try (StoreInspector store = inspector(variant);
                LockClient client = client(variant)) {
            assertThat(store.entries("job")).isZero();
            assertThat(store.timeToLive("job")).isEmpty();
            Lease lease = client.lock("job").tryAcquire().orElseThrow();
            assertThat(store.entries("job")).isOne();
            assertThat(store.timeToLive("job").orElseThrow()).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(30));
            lease.release();
            assertThat(store.entries("job")).isZero();
            assertThat(store.counters("job")).isEqualTo(variant.equals("lua") ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void spoilsAHeldLockOnly(String variant) {
        try (StoreInspector store = inspector(variant);
                LockClient client = client(variant)) {
            assertThat(store.steal("job", Duration.ofSeconds(5))).isFalse();
            assertThat(store.delete("job")).isFalse();
            assertThat(store.expire("job")).isFalse();
            assertThat(client.lock("job").tryAcquire()).isPresent();
            assertThat(store.steal("job", Duration.ofSeconds(5))).isTrue();
            assertThat(store.timeToLive("job").orElseThrow()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
            assertThat(client.lock("job").tryAcquire()).isEmpty();
            assertThat(store.expire("job")).isTrue();
            assertThat(client.lock("job").tryAcquire()).isPresent();
            assertThat(store.delete("job")).isTrue();
            assertThat(store.entries("job")).isZero();
        }
    }

    @Test
    void countsRequestsAndNotItsOwn() {
        try (StoreInspector store = inspector("lua");
                LockClient client = client("lua")) {
            client.lock("job").tryAcquire().orElseThrow().release(); // the pool has its connection now
            long before = store.commandCount();
            store.entries("job");
            assertThat(store.commandCount()).isEqualTo(before);
            client.lock("job").tryAcquire().orElseThrow().release();
            assertThat(store.commandCount()).isEqualTo(before + 2);
        }
    }

    @Test
    void seesWaitersWhereTheyLeaveATrace() {
        try (StoreInspector lua = inspector("lua");
                StoreInspector polling = inspector("set-nx-px");
                LockClient client = client("lua")) {
            assertThat(polling.waiters("job")).isEmpty();
            assertThat(lua.waiters("job")).isEqualTo(OptionalInt.of(0));
            assertThat(client.lock("job").tryAcquire()).isPresent();
            CompletableFuture<Lease> waiting = client.lock("job").acquireAsync();
            await().until(() -> lua.waiters("job").equals(OptionalInt.of(1)));
            assertThat(lua.subscriptions()).isOne();
            waiting.cancel(true);
            await().until(() -> lua.waiters("job").equals(OptionalInt.of(0)));
        }
    }

    @Test
    void countsTheConnectionsOfClients() {
        try (StoreInspector store = inspector("lua")) {
            int before = store.connections();
            try (LockClient client = client("lua")) {
                client.lock("job").tryAcquire().orElseThrow().release();
                assertThat(store.connections()).isGreaterThan(before);
            }
            await().until(() -> store.connections() == before);
        }
    }

    @Test
    void seesWhetherSomethingForeignWasTouched() {
        try (StoreInspector store = inspector("lua");
                StoreInspector.Foreign foreign = store.foreign()) {
            assertThat(foreign.isUntouched()).isTrue();
            REDIS.shell().keys("foreign:*").forEach(key -> REDIS.shell().expire(key, 100));
            assertThat(foreign.isUntouched()).isFalse();
        }
    }

    private static StoreInspector inspector(String variant) {
        return new RedisStoreSupport().inspector(LockConfig.of(REDIS.uri("variant=" + variant)));
    }

    private static LockClient client(String variant) {
        return LockClient.open(REDIS.uri("variant=" + variant));
    }
}
