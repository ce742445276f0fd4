// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.attempt;
import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.newOwner;
import static io.interlock.mysql.Spi.refused;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** M.05: only the server's UTC clock counts, whatever the zone of server and session. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class ServerClockTest {
    /** New York puts its clocks back at 06:00 UTC that day: the local hour from one to two is there twice. */
    private static final Instant BEFORE = Instant.parse("2025-11-02T05:30:00Z");

    private static final Instant AFTER = Instant.parse("2025-11-02T06:30:00Z");
    private static final int ZONE = 4711;

    @Parameter
    Bench bench;

    private TestDatabase database;

    @BeforeEach
    void open() {
        database = bench.open();
    }

    @AfterEach
    void close() throws Exception {
        for (String table :
                List.of("time_zone_name", "time_zone_transition_type", "time_zone_transition", "time_zone")) {
            database.update("DELETE FROM mysql." + table + " WHERE Time_zone_id = " + ZONE);
        }
        database.close();
    }

    @Test
    @Tag("M.05")
    void sessionsOfDifferentZonesSeeOneLock() throws InterruptedException {
        LockBackend east = backend("SET time_zone = '+13:00'");
        LockBackend west = backend("SET time_zone = '-11:00'");
        Grant held = grant(east, request("a"));
        refused(attempt(west, request("a"), newOwner()));
        held.release();
        assertThat(grant(west, request("a")).fencingToken()).isGreaterThan(held.fencingToken());
        refused(attempt(east, request("a"), newOwner()));
    }

    @Test
    void clockGoesOnWhileTheLocalOneIsPutBack() throws InterruptedException {
        makeZone();
        LockBackend before = backend(at(BEFORE));
        LockBackend after = backend(at(AFTER));
        Grant first = grant(before, request("a", Duration.ofMinutes(59)));
        Grant second = grant(after, request("a", Duration.ofMinutes(59)));
        assertThat(first.fencingToken()).isEqualTo(micros(BEFORE));
        assertThat(second.fencingToken()).isEqualTo(micros(AFTER));
        refused(attempt(backend(at(AFTER.plus(Duration.ofMinutes(58)))), request("a"), newOwner()));
        grant(backend(at(AFTER.plus(Duration.ofMinutes(59)))), request("a"));
    }

    @Test
    @Tag("M.05")
    void leaseRunsOnWhileTheLocalClockIsPutBack() throws InterruptedException {
        makeZone();
        grant(backend(at(BEFORE)), request("a", Duration.ofMinutes(61)));
        refused(attempt(backend(at(AFTER)), request("a"), newOwner()));
        grant(backend(at(AFTER.plus(Duration.ofMinutes(1)))), request("a"));
    }

    /** A session that believes it is then and there. */
    private static String at(Instant now) {
        return "SET time_zone = 'Test/NewYork', timestamp = " + now.getEpochSecond();
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000;
    }

    /** The servers of the tests know no zones by name. */
    private void makeZone() {
        database.update("INSERT INTO mysql.time_zone VALUES (" + ZONE + ", 'N')");
        database.update("INSERT INTO mysql.time_zone_name VALUES ('Test/NewYork', " + ZONE + ")");
        database.update("INSERT INTO mysql.time_zone_transition_type VALUES (" + ZONE + ", 0, -14400, 1, 'EDT'), ("
                + ZONE + ", 1, -18000, 0, 'EST')");
        database.update(
                "INSERT INTO mysql.time_zone_transition VALUES (" + ZONE + ", 0, 0), (" + ZONE + ", 1762063200, 1)");
    }

    private LockBackend backend(String init) {
        DataSource source = new PlainSource(() -> initialized(init));
        var options = MysqlOptions.defaults()
                .withSchema(MysqlOptions.Schema.CREATE)
                .withVariant(MysqlOptions.Variant.of(bench.variant()));
        return database.started(MysqlLocks.backend(source, options));
    }

    private Connection initialized(String init) throws SQLException {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute(init);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
