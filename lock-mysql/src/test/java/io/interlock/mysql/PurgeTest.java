// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.LockConfig;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.util.List;
import org.jooq.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** M.11: what is cleared away, and what is not. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.TestServer#all")
class PurgeTest {
    private static final String EXPIRE = "UPDATE interlock_lock SET expires_at = UTC_TIMESTAMP(6)";
    private static final String PROLONG = EXPIRE + " + INTERVAL 1 HOUR";

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
    void expiredRowsGoAndLiveOnesStay() throws InterruptedException {
        LockBackend backend = database.backend();
        grant(backend, request("dead"));
        grant(backend, request("dead too"));
        database.update(EXPIRE);
        Grant live = grant(backend, request("live"));
        assertThat(purge("insert-delete", false)).isEqualTo(2);
        assertThat(database.query("SELECT name FROM interlock_lock")).hasSize(1);
        assertThat(backend.holder("live").orElseThrow().fencingToken()).hasValue(live.fencingToken());
    }

    @Test
    void moreThanABatchGoes() {
        database.backend();
        for (int i = 0; i < 150; i++) {
            database.update("INSERT INTO interlock_lock VALUES ('default:" + i + "', '0123456789abcdef', 1, 1,"
                    + " UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '')");
        }
        assertThat(purge("insert-delete", false)).isEqualTo(150);
    }

    @Test
    @Tag("M.11")
    void rowThatIsRenewedBetweenLookAndDeletionStays() throws InterruptedException {
        grant(database.backend(), request("a"));
        database.update(EXPIRE);
        var kind = new Statements("interlock_lock").expired();
        List<LockKey> found = run(session -> session.rows(kind.find(), row -> LockKey.read(row.getBytes(1))));
        assertThat(found).containsExactly(LockKey.of("default", "a"));
        database.update(PROLONG);
        Query delete = kind.delete().apply(found.get(0));
        int deleted = run(session -> session.update(delete));
        assertThat(deleted).isZero();
        assertThat(database.rows()).isEqualTo(1);
        database.update(EXPIRE);
        int deletedThen = run(session -> session.update(delete));
        assertThat(deletedThen).isEqualTo(1);
    }

    @Test
    void markOfAForcedReleaseStaysForTheLongestLease() throws InterruptedException {
        LockBackend backend = database.backend();
        Grant grant = grant(backend, request("a"));
        backend.forceRelease("a", grant.fencingToken());
        assertThat(purge("insert-delete", true)).isZero();
        database.update("UPDATE interlock_lock SET granted_at = UTC_TIMESTAMP(6) - INTERVAL 23 HOUR");
        assertThat(purge("insert-delete", true)).isZero();
        database.update("UPDATE interlock_lock SET granted_at = UTC_TIMESTAMP(6) - INTERVAL 25 HOUR");
        assertThat(purge("insert-delete", false)).isEqualTo(1);
    }

    @Test
    void counterGoesOnceItIsADayBehindTheClock() throws InterruptedException {
        grant(database.backend(), request("a")).release();
        database.update(fenceBehind(23));
        assertThat(purge("insert-delete", true)).isZero();
        database.update(fenceBehind(25));
        assertThat(purge("insert-delete", false)).isZero();
        assertThat(purge("insert-delete", true)).isEqualTo(1);
    }

    @Test
    void freeRowGoesOnceItsCounterIsADayBehindTheClock() throws InterruptedException {
        LockBackend backend = database.backend("variant=row");
        grant(backend, request("a")).release();
        Grant held = grant(backend, request("held"));
        database.update("UPDATE interlock_lock SET granted_at = UTC_TIMESTAMP(6) - INTERVAL 3 DAY");
        assertThat(purge("row", true)).isZero();
        database.update("UPDATE interlock_lock SET token = " + behind(23));
        assertThat(purge("row", true)).isZero();
        database.update("UPDATE interlock_lock SET token = " + behind(25));
        assertThat(purge("row", true)).isEqualTo(1);
        assertThat(held.renew(Duration.ofSeconds(30))).isEqualTo(io.interlock.spi.RenewOutcome.RENEWED);
    }

    @Test
    void openClientPurgesInItsOwnTime() throws InterruptedException {
        grant(database.backend("purge=1h"), request("a", Duration.ofMillis(200)));
        database.backend("purge=1s");
        await().atMost(Duration.ofSeconds(10)).until(() -> database.rows() == 0);
    }

    private static String fenceBehind(int hours) {
        return "UPDATE interlock_lock_fence SET token = " + behind(hours);
    }

    private static String behind(int hours) {
        return "TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6) - INTERVAL " + hours
                + " HOUR)";
    }

    private int purge(String variant, boolean also) {
        var options = options().withVariant(MysqlOptions.Variant.of(variant));
        try {
            return new LockCalls(connect(), options, Seam.NONE).purge().run(also);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T run(Database.Work<T> work) throws InterruptedException {
        return connect().run(StoreCall.begin("test", Duration.ofSeconds(5)), work);
    }

    private Database connect() {
        Database connected = MysqlConnector.connect(LockConfig.of(database.uri()), options());
        database.keep(connected::close);
        return connected;
    }

    private MysqlOptions options() {
        return MysqlSettings.options(LockConfig.of(database.uri()));
    }
}
