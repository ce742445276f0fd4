// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.attempt;
import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.newOwner;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.servers.SqlServer;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls to a server that does not answer, or that is not the one it was. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class BoundedCallsTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final String LONG = "callTimeout=20s"; // of the backend's own, which must not count
    private static final Duration IN_TIME = Duration.ofSeconds(8);

    @Parameter
    Bench bench;

    private TestDatabase database;

    @BeforeEach
    void open() {
        database = bench.open();
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void callsEndInTimeWhileTheServerStandsStill() throws InterruptedException {
        LockBackend backend = database.backend(bench.setting(), LONG);
        Grant grant = grant(backend, request("a", Spi.LEASE, SHORT));
        database.server().pause();
        inTime(() -> assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.UNKNOWN));
        inTime(() -> assertThat(grant.release()).isEqualTo(ReleaseOutcome.UNKNOWN));
        inTime(() -> assertThatThrownBy(() -> attempt(backend, request("b", Spi.LEASE, SHORT), newOwner()))
                .isInstanceOf(LockBackendException.class));
    }

    /** The address may lead to another server by now, but what is connected leads to this one. */
    @Test
    void connectionsToAServerThatHasBecomeReadOnlyAreNotUsedAgain() throws InterruptedException {
        LockBackend backend = database.backend(bench.setting());
        grant(backend, request("a")).release();
        List<String> before = connections();
        database.update("SET GLOBAL read_only = 1");
        try {
            assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("1290");
            await().untilAsserted(() -> assertThat(connections()).doesNotContainAnyElementsOf(before));
        } finally {
            database.update("SET GLOBAL read_only = 0");
        }
        grant(backend, request("a")).release();
    }

    @Test
    void callsOfAShortLeaseEndInTimeWhenNoConnectionCanBeMade() {
        LockBackend backend = database.backend(bench.setting(), LONG, "poolSize=1");
        database.server().kill();
        inTime(() -> assertThatThrownBy(() -> attempt(backend, request("b", Spi.LEASE, SHORT), newOwner()))
                .isInstanceOf(LockBackendException.class));
        database.server().restart();
        // the pool waits longer and longer between its tries to connect
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(LockBackendException.class)
                .untilAsserted(() -> grant(backend, request("b")).release());
    }

    @Test
    void interruptEndsTheWaitForAConnection() {
        LockBackend backend = database.backend(bench.setting(), LONG);
        database.server().kill();
        inTime(() -> {
            Thread.currentThread().interrupt();
            var request = request("b", Duration.ofMinutes(2), Duration.ofSeconds(20));
            assertThatThrownBy(() -> attempt(backend, request, newOwner())).isInstanceOf(InterruptedException.class);
        });
    }

    @Test
    void openFailsInTimeWhenTheServerStandsStill() {
        database.server().pause();
        var config = LockConfig.of(database.uri("callTimeout=300ms"));
        within(
                MysqlOptions.defaults().callTimeout(),
                () -> assertThatThrownBy(() -> new MysqlLockProvider().open(config))
                        .isInstanceOf(LockBackendException.class));
    }

    @Test
    void wrongPasswordIsToldAtOnceAndNotShown() {
        String uri = database.uri(LONG).replace(SqlServer.PASSWORD, "wr0ng");
        inTime(() -> assertThatThrownBy(() -> new MysqlLockProvider().open(LockConfig.of(uri)))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("1045")
                .hasMessageNotContaining("wr0ng"));
    }

    @Test
    void connectionsThatTheServerEndedCostNobodyAnything() throws InterruptedException {
        LockBackend backend = database.backend(bench.setting());
        Grant grant = grant(backend, request("a"));
        endConnections();
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        endConnections();
        assertThat(backend.holder("a")).isPresent();
        endConnections();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        endConnections();
        grant(backend, request("a"));
    }

    @Test
    void acquisitionThatTimedOutOnAStoppedServerIsUndone() {
        var lease = LockOptions.defaults().withLease(Duration.ofSeconds(60));
        var lock = database.client(bench.setting(), "callTimeout=1s").lock("a", lease);
        var other = database.client(bench.setting()).lock("a");
        database.server().pause();
        assertThatThrownBy(lock::tryAcquire).isInstanceOf(LockBackendException.class);
        database.server().resume();
        await().atMost(Duration.ofSeconds(20)).until(() -> other.tryAcquire().isPresent());
    }

    @Test
    void waitsAreShortOfAnotherProgramsTransaction() throws Exception {
        LockBackend backend = database.backend(bench.setting(), LONG);
        grant(backend, request("a")).release();
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            String lock = bench.isInsertDelete()
                    ? "INSERT INTO interlock_lock VALUES (0x" + LockKey.of("default", "a") + ", 0x" + "0".repeat(32)
                            + ", 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 HOUR, '')"
                    : "UPDATE interlock_lock SET granted_at = UTC_TIMESTAMP(6)";
            statement.executeUpdate(lock);
            inTime(() -> assertThatThrownBy(() -> attempt(backend, request("a", Spi.LEASE, SHORT), newOwner()))
                    .isInstanceOf(LockBackendException.class));
            connection.rollback();
        }
        await().untilAsserted(() -> assertThat(database.query(
                        "SELECT id FROM information_schema.processlist WHERE user = 'interlock' AND info IS NOT NULL"))
                .isEmpty());
    }

    private void endConnections() {
        List<String> ids = connections();
        assertThat(ids).isNotEmpty();
        ids.forEach(this::endConnection);
    }

    private List<String> connections() {
        return database.query("SELECT id FROM information_schema.processlist WHERE user = '" + SqlServer.USER + "'");
    }

    private void endConnection(String id) {
        try {
            database.update("KILL " + id);
        } catch (IllegalStateException e) {
            boolean endedByItself = e.getCause() instanceof SQLException cause && cause.getErrorCode() == 1094;
            if (!endedByItself) {
                throw e;
            }
        }
    }

    private static void inTime(Runnable call) {
        within(IN_TIME, call);
    }

    private static void within(Duration limit, Runnable call) {
        long begin = System.nanoTime();
        call.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit);
    }
}
