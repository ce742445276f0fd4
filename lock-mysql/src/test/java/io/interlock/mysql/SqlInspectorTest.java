// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.tck.StoreInspector;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class SqlInspectorTest {
    private static final int ROUNDS = 50;
    private static final long A_FEW = 10; // of pools, in the background

    @Parameter
    Bench bench;

    private TestDatabase database;
    private StoreInspector store;
    private LockClient client;

    @BeforeEach
    void open() {
        database = bench.open();
        store = database.keep(new SqlStoreSupport().inspector(LockConfig.of(database.uri(bench.setting()))));
        client = database.client(bench.setting());
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void seesAnEntryComeAndGo() {
        assertThat(store.entries("job")).isZero();
        assertThat(store.counters("job")).isZero();
        assertThat(store.timeToLive("job")).isEmpty();
        Lease lease = client.lock("job").tryAcquire().orElseThrow();
        assertThat(store.entries("job")).isOne();
        assertThat(store.hasKey("default:job")).isTrue();
        assertThat(store.timeToLive("job").orElseThrow()).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(30));
        lease.release();
        assertThat(store.entries("job")).isZero();
        assertThat(store.hasKey("default:job")).isFalse();
        assertThat(store.counters("job")).isOne();
    }

    @Test
    void spoilsAHeldLockOnly() {
        assertThat(store.steal("job", Duration.ofSeconds(5))).isFalse();
        assertThat(store.delete("job")).isFalse();
        assertThat(store.expire("job")).isFalse();
        long first = client.lock("job").tryAcquire().orElseThrow().fencingToken();
        assertThat(store.steal("job", Duration.ofSeconds(5))).isTrue();
        assertThat(store.timeToLive("job").orElseThrow()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
        assertThat(client.lock("job").tryAcquire()).isEmpty();
        assertThat(client.holder("job").orElseThrow().fencingToken().orElseThrow())
                .isGreaterThan(first);
        assertThat(store.expire("job")).isTrue();
        assertThat(store.timeToLive("job")).isEmpty();
        assertThat(client.lock("job").tryAcquire()).isPresent();
        assertThat(store.delete("job")).isTrue();
        assertThat(store.entries("job")).isZero();
    }

    @Test
    void countsStatementsAndNotItsOwn() {
        client.lock("job").tryAcquire().orElseThrow().release(); // the name has its counter now
        long before = store.commandCount();
        for (int i = 0; i < ROUNDS; i++) {
            store.entries("job");
        }
        assertThat(store.commandCount() - before).isBetween(0L, A_FEW);
        long start = store.commandCount();
        for (int i = 0; i < ROUNDS; i++) {
            client.lock("job").tryAcquire().orElseThrow().release();
        }
        long each = bench.isInsertDelete() ? 5 : 3;
        assertThat(store.commandCount() - start).isBetween(each * ROUNDS, each * ROUNDS + A_FEW);
    }

    @Test
    void countsTheConnectionsOfClients() {
        await().until(() -> store.connections() > 0);
        client.close();
        await().until(() -> store.connections() == 0);
    }

    @Test
    void seesWhetherSomethingForeignWasTouched() {
        try (StoreInspector.Foreign foreign = store.foreign()) {
            assertThat(foreign.isUntouched()).isTrue();
            assertThat(database.update("UPDATE interlock_lock SET tokens = 9 WHERE name LIKE 'elsewhere:%'"))
                    .isOne();
            assertThat(foreign.isUntouched()).isFalse();
        }
        assertThat(database.rows()).isZero();
    }

    @Test
    void namesTheServer() {
        assertThat(new SqlStoreSupport().server(LockConfig.of(database.uri())))
                .matches("(MariaDB 11|MySQL 8)\\.\\d+\\.\\d+");
    }
}
