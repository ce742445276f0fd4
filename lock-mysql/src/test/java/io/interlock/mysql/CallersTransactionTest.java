// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.servers.SqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Locks and transactions on one data source know nothing of each other: rules 2.19, 12.09, M.06 and M.07. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class CallersTransactionTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 12;

    @Parameter
    Bench bench;

    private TestDatabase database;
    private final AtomicInteger committed = new AtomicInteger();
    private int unguarded; // by the lock alone
    private boolean inside; // by the lock alone

    @BeforeEach
    void open() {
        database = bench.open();
        database.update("CREATE TABLE orders (n INT) ENGINE = InnoDB");
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void locksAreSeenThroughTheSnapshotOfAnOpenTransaction() throws Exception {
        HikariDataSource pool = pool("");
        LockClient client = client(pool);
        try (Connection business = pool.getConnection()) {
            business.setAutoCommit(false);
            business.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(locksSeenBy(business)).isZero();

            Lease lease = client.lock("a").tryAcquire().orElseThrow();
            assertThat(client(pool).lock("a").tryAcquire()).isEmpty();
            assertThat(locksSeenBy(business)).as("its own snapshot").isZero();
            business.rollback();
            assertThat(client(pool).lock("a").tryAcquire())
                    .as("after the rollback")
                    .isEmpty();

            assertThat(locksSeenBy(business)).isOne();
            assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
            assertThat(client(pool).lock("a").tryAcquire()).isPresent();
            assertThat(business.getAutoCommit()).isFalse();
            business.commit();
        }
    }

    @Test
    void eitherEndOfTransactionsLeavesTheLocksAlone() throws Exception {
        HikariDataSource pool = pool("");
        LockClient client = client(pool);
        long seed = System.nanoTime();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var random = new Random(seed + i);
            threads.add(CompletableFuture.runAsync(() -> transactions(pool, client.lock("a"), random)));
        }
        for (var thread : threads) {
            assertThat(thread).as("seed %d", seed).succeedsWithin(Duration.ofSeconds(60));
        }
        assertThat(unguarded).as("seed %d", seed).isEqualTo(THREADS * ROUNDS);
        assertThat(database.number("SELECT COUNT(*) FROM orders")).isEqualTo(committed.get());
        assertThat(client.lock("a").tryAcquire()).isPresent();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    private void transactions(HikariDataSource pool, DistributedLock lock, Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            try (Connection business = pool.getConnection();
                    Statement statement = business.createStatement()) {
                business.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO orders VALUES (1)");
                Lease lease = lock.acquire(Duration.ofSeconds(50));
                assertThat(inside).isFalse();
                inside = true;
                int seen = unguarded;
                Thread.yield();
                unguarded = seen + 1;
                inside = false;
                boolean releaseFirst = random.nextBoolean();
                if (releaseFirst) {
                    lease.release();
                }
                if (random.nextBoolean()) {
                    business.commit();
                    committed.incrementAndGet();
                } else {
                    business.rollback();
                }
                lease.close();
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A driver may count the rows that an UPDATE changed, instead of those that it matched. */
    @Test
    void driverThatCountsChangedRowsMakesNoDifference() {
        LockClient client = client(pool("&useAffectedRows=true"));
        for (int i = 0; i < 3; i++) {
            Lease lease = client.lock("a").tryAcquire().orElseThrow();
            assertThat(lease.renew(Duration.ofSeconds(20))).isTrue();
            assertThat(lease.renew(Duration.ofSeconds(20))).isTrue();
            assertThat(client(pool("&useAffectedRows=true")).lock("a").tryAcquire())
                    .isEmpty();
            assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        }
    }

    /** Such connections may lead to a replica, which knows of a grant too late: an error, and neither "held" nor a grant. */
    @Test
    @Tag("M.08")
    void readOnlyConnectionsAreAnError() {
        assertThat(client(pool("")).lock("a").tryAcquire()).isPresent(); // makes the tables
        HikariDataSource readOnly = pool("", true);
        assertThatThrownBy(() -> client(readOnly).lock("b").tryAcquire())
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("lock 'b'");
        assertThat(database.number("SELECT COUNT(*) FROM interlock_lock WHERE name LIKE '%:b' AND token > 0"))
                .isZero();
    }

    private static long locksSeenBy(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT COUNT(*) FROM interlock_lock WHERE expires_at > UTC_TIMESTAMP(6)")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private LockClient client(HikariDataSource pool) {
        MysqlOptions options = MysqlOptions.defaults()
                .withSchema(MysqlOptions.Schema.CREATE)
                .withVariant(MysqlOptions.Variant.of(bench.variant()))
                .withPoll(Duration.ofMillis(5));
        return database.keep(LockClient.of(MysqlLocks.backend(pool, options)));
    }

    private HikariDataSource pool(String driverSettings) {
        return pool(driverSettings, false);
    }

    private HikariDataSource pool(String driverSettings, boolean readOnly) {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:" + bench.place().scheme() + "://127.0.0.1:"
                + database.server().port() + "/" + SqlServer.DATABASE + "?connectTimeout=5000" + driverSettings);
        config.setUsername(SqlServer.USER);
        config.setPassword(SqlServer.PASSWORD);
        config.setMaximumPoolSize(3 * THREADS);
        config.setReadOnly(readOnly);
        return database.keep(new HikariDataSource(config));
    }
}
