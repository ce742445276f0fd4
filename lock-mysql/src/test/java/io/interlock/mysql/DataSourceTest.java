// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.attempt;
import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.newOwner;
import static io.interlock.mysql.Spi.refused;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.servers.SqlServer;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A data source that the application owns: M.07, and all that must be as it was. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.TestServer#all")
class DataSourceTest {
    private static final MysqlOptions OPTIONS = MysqlOptions.defaults().withSchema(MysqlOptions.Schema.CREATE);

    @Parameter
    TestServer place;

    private TestDatabase database;

    @BeforeEach
    void open() {
        database = new TestDatabase(place);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void connectionComesBackAsItCame() throws Exception {
        try (HikariDataSource pool = pool(1)) {
            LockBackend backend = database.started(MysqlLocks.backend(pool, OPTIONS));
            grant(backend, request("a"));
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(connection.getNetworkTimeout()).isEqualTo(12_345);
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(connection.getCatalog()).isEqualTo(SqlServer.DATABASE);
            }
            backend.close();
            assertThat(pool.isClosed()).isFalse();
        }
    }

    @Test
    @Tag("M.07")
    void lockIsNeverPartOfTheTransactionOfTheCallersThread() throws Exception {
        var bound = new ThreadBoundSource(database);
        LockBackend backend = database.started(MysqlLocks.backend(bound.dataSource(), OPTIONS));
        database.update("CREATE TABLE orders (n INT)");
        try (Connection business = bound.begin();
                Statement statement = business.createStatement()) {
            statement.executeUpdate("INSERT INTO orders VALUES (1)");
            var grant = grant(backend, request("a"));
            business.rollback();
            assertThat(database.number("SELECT COUNT(*) FROM orders")).isZero();
            refused(attempt(database.backend(), request("a"), newOwner()));
            statement.executeUpdate("INSERT INTO orders VALUES (2)");
            assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
            assertThat(database.number("SELECT COUNT(*) FROM orders")).isZero();
            business.commit();
            assertThat(database.number("SELECT COUNT(*) FROM orders")).isEqualTo(1);
        }
    }

    @Test
    void everyStatementCommitsAlthoughTheDataSourceLeavesThatToOthers() throws Exception {
        try (HikariDataSource pool = pool(1)) {
            LockBackend backend = database.started(MysqlLocks.backend(pool, OPTIONS));
            var grant = grant(backend, request("a"));
            refused(attempt(database.backend(), request("a"), newOwner()));
            assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
            assertThat(database.rows()).isZero();
        }
    }

    @Test
    void interruptEndsTheWaitForAConnection() throws Exception {
        try (HikariDataSource pool = pool(1)) {
            LockBackend backend = database.started(MysqlLocks.backend(pool, OPTIONS));
            try (Connection taken = pool.getConnection()) {
                assertThat(taken.isClosed()).isFalse();
                Thread.currentThread().interrupt();
                var request = request("a", Duration.ofMinutes(2), Duration.ofSeconds(20));
                assertThatThrownBy(() -> attempt(backend, request, newOwner()))
                        .isInstanceOf(InterruptedException.class);
            }
            await().ignoreExceptionsInstanceOf(LockBackendException.class)
                    .untilAsserted(() -> grant(backend, request("a")).release());
        }
    }

    @Test
    @Tag("M.06")
    void driverThatCountsChangedRowsGivesTheSameAnswers() throws InterruptedException {
        for (MysqlOptions.Variant variant : MysqlOptions.Variant.values()) {
            var source = new PlainSource(() -> database.connect("useAffectedRows=true"));
            LockBackend backend = database.started(
                    MysqlLocks.backend(source, OPTIONS.withVariant(variant).withTable(variant.name())));
            var grant = grant(backend, request("a"));
            assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
            assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
            assertThat(grant.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        }
    }

    @Test
    void exhaustedDataSourceEndsACallInTime() throws Exception {
        try (HikariDataSource pool = pool(1)) {
            LockBackend backend = database.started(MysqlLocks.backend(pool, OPTIONS));
            try (Connection taken = pool.getConnection()) {
                assertThat(taken.isClosed()).isFalse();
                long begin = System.nanoTime();
                var request = request("a", Spi.LEASE, Duration.ofMillis(300));
                assertThatThrownBy(() -> attempt(backend, request, newOwner()))
                        .isInstanceOfSatisfying(
                                LockBackendException.class,
                                e -> assertThat(e.isAmbiguous()).isFalse())
                        .hasMessageContaining("no connection within 300 ms");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            }
            grant(backend, request("a")).release();
        }
    }

    @Test
    void holderAndWaiterKeepNoConnection() throws Exception {
        var counting = new FaultySource(database);
        LockClient holder = database.keep(LockClient.of(MysqlLocks.backend(counting.dataSource(), OPTIONS)));
        LockClient waiter = database.keep(
                LockClient.of(MysqlLocks.backend(counting.dataSource(), OPTIONS.withPoll(Duration.ofSeconds(30)))));
        try (var lease = holder.lock("a").acquire()) {
            assertThat(lease.isHeld()).isTrue();
            var waiting = waiter.lock("a").acquireAsync(Duration.ofSeconds(20));
            await().until(() -> counting.statements().size() > 3 && counting.open() == 0);
            assertThat(waiting).isNotDone();
            waiting.cancel(true);
        }
    }

    @Test
    void unreachableDataSourceIsNamedAsTheApplications() {
        var source = new FaultySource(database);
        database.update("CREATE TABLE nothing (n INT)");
        source.fail("", Integer.MAX_VALUE, () -> new SQLException("no such host", "08001", 0));
        assertThatThrownBy(() -> MysqlLocks.backend(source.dataSource(), OPTIONS))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("the application's data source")
                .hasMessageContaining("no such host");
    }

    private HikariDataSource pool(int size) {
        var config = new HikariConfig();
        config.setDataSource(plain());
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(30_000);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        return new HikariDataSource(config);
    }

    /** With a network timeout that is not the driver's. */
    private DataSource plain() {
        return new PlainSource(() -> {
            Connection connection = database.connect();
            connection.setNetworkTimeout(Runnable::run, 12_345);
            return connection;
        });
    }
}
