// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.attempt;
import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.granted;
import static io.interlock.mysql.Spi.newOwner;
import static io.interlock.mysql.Spi.refused;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which others can come between two statements of one attempt of insert-delete. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.TestServer#all")
class InterleavingTest {
    private static final long AHEAD = 9_007_199_254_740_000L;
    private static final String EXPIRE = "UPDATE interlock_lock SET expires_at = UTC_TIMESTAMP(6)";

    @Parameter
    TestServer place;

    private TestDatabase database;
    private LockBackend other;

    @BeforeEach
    void open() {
        database = new TestDatabase(place);
        other = database.backend();
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Seam.Point.class,
            names = {"TAKEN", "NUMBERED"})
    void rowTakenOverWhileTheClientStoodStillIsNoGrant(Seam.Point where) throws InterruptedException {
        var successor = new AtomicReference<Grant>();
        LockBackend slow = database.backend(new StopAt(where, () -> {
            database.update(EXPIRE);
            successor.set(grant(other, request("a")));
        }));
        refused(attempt(slow, request("a"), newOwner()));
        assertThat(successor.get().renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(other.holder("a").orElseThrow().fencingToken())
                .hasValue(successor.get().fencingToken());
        assertThat(successor.get().release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(grant(slow, request("a")).fencingToken())
                .isGreaterThan(successor.get().fencingToken());
    }

    @ParameterizedTest
    @EnumSource(
            value = Seam.Point.class,
            names = {"TAKEN", "NUMBERED"})
    void rowThatRanOutWhileTheClientStoodStillIsNoGrantAndIsTakenAnew(Seam.Point where) throws InterruptedException {
        LockBackend slow = database.backend(new StopAt(where, () -> database.update(EXPIRE)));
        assertTakenAnew(granted(attempt(slow, request("a"), newOwner())));
    }

    @ParameterizedTest
    @EnumSource(
            value = Seam.Point.class,
            names = {"TAKEN", "NUMBERED"})
    void rowThatWasDeletedWhileTheClientStoodStillIsNoGrantAndIsTakenAnew(Seam.Point where)
            throws InterruptedException {
        LockBackend slow = database.backend(new StopAt(where, () -> database.update("DELETE FROM interlock_lock")));
        assertTakenAnew(granted(attempt(slow, request("a"), newOwner())));
    }

    /** Nobody else has it, so to be refused it would be wrong. */
    private void assertTakenAnew(Grant grant) {
        assertThat(other.holder("a").orElseThrow().fencingToken()).hasValue(grant.fencingToken());
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(database.rows()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Seam.Point.class,
            names = {"TAKEN", "NUMBERED", "CONFIRMED"})
    void clientThatDiesBetweenTwoStatementsBlocksForItsLeaseAndNoLonger(Seam.Point where) throws InterruptedException {
        long before = fence();
        LockBackend dying = database.backend(StopAt.dying(where));
        assertThatThrownBy(() -> attempt(dying, request("a", Duration.ofSeconds(30)), newOwner()))
                .isInstanceOf(StopAt.ClientDied.class);
        refused(attempt(other, request("a"), newOwner()));
        long drawn = fence();
        assertThat(drawn).isGreaterThanOrEqualTo(before);
        database.update(EXPIRE);
        Grant next = grant(other, request("a"));
        assertThat(next.fencingToken()).isGreaterThan(drawn);
    }

    @Test
    void lockTakenBetweenLookAndInsertIsRefusedWithItsHolder() throws InterruptedException {
        LockBackend slow = database.backend(new StopAt(Seam.Point.LOOKED, () -> grant(other, request("a"))));
        assertThat(refused(attempt(slow, request("a"), newOwner())).holder()).isPresent();
    }

    @Test
    @Tag("M.06")
    void expiredRowThatAnotherTookOverFirstStaysTheirs() throws InterruptedException {
        grant(other, request("a"));
        database.update(EXPIRE);
        var successor = new AtomicReference<Grant>();
        LockBackend slow =
                database.backend(new StopAt(Seam.Point.LOOKED, () -> successor.set(grant(other, request("a")))));
        refused(attempt(slow, request("a"), newOwner()));
        assertThat(successor.get().release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void expiredRowThatItsHolderRenewedInTimeAfterAllStaysTheirs() throws InterruptedException {
        Grant held = grant(other, request("a"));
        database.update(EXPIRE);
        LockBackend slow = database.backend(new StopAt(
                Seam.Point.LOOKED,
                () -> database.update("UPDATE interlock_lock SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 30 SECOND")));
        refused(attempt(slow, request("a"), newOwner()));
        assertThat(held.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void insertThatWaitedBehindAnotherDrawsALargerTokenThanAllBeforeIt() throws Exception {
        grant(other, request("a")).release();
        try (Connection blocking = transaction();
                Statement statement = blocking.createStatement()) {
            statement.executeUpdate("INSERT INTO interlock_lock VALUES (0x" + key() + ", 0x" + "0".repeat(32)
                    + ", 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 HOUR, '')");
            var waiting = attemptElsewhere();
            awaitRowWait();
            statement.executeUpdate("UPDATE interlock_lock_fence SET token = " + AHEAD);
            statement.executeUpdate("DELETE FROM interlock_lock");
            blocking.commit();
            assertThat(granted(waiting.get()).fencingToken()).isGreaterThan(AHEAD);
        }
    }

    @Test
    void counterThatIsRaisedWhileWeWaitForItGivesALargerToken() throws Exception {
        grant(other, request("a")).release();
        try (Connection blocking = transaction();
                Statement statement = blocking.createStatement()) {
            statement.executeUpdate("UPDATE interlock_lock_fence SET token = " + AHEAD);
            var waiting = attemptElsewhere();
            awaitRowWait();
            blocking.commit();
            assertThat(granted(waiting.get()).fencingToken()).isEqualTo(AHEAD + 1);
        }
    }

    @Test
    void rowThatIsTakenOverWhileOurConfirmationWaitsForItIsNoGrant() throws Exception {
        try (Connection blocking = transaction();
                Statement statement = blocking.createStatement()) {
            LockBackend slow = database.backend(new StopAt(Seam.Point.NUMBERED, () -> takeOver(statement)));
            var waiting = CompletableFuture.supplyAsync(() -> attempted(slow));
            awaitRowWait();
            blocking.commit();
            refused(waiting.get());
            assertThat(other.holder("a").orElseThrow().host()).isEqualTo("thief");
        }
    }

    private static void takeOver(Statement statement) {
        try {
            statement.executeUpdate(
                    "UPDATE interlock_lock SET owner = 0x" + "1".repeat(32) + ", holder = 'host=thief'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<Attempt> attemptElsewhere() {
        return CompletableFuture.supplyAsync(() -> attempted(other));
    }

    private static Attempt attempted(LockBackend backend) {
        try {
            return attempt(backend, request("a"), newOwner());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitRowWait() {
        await().until(() ->
                database.number("SELECT COUNT(*) FROM information_schema.innodb_trx" + " WHERE trx_state = 'LOCK WAIT'")
                        == 1);
    }

    private Connection transaction() throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static String key() {
        return LockKey.of("default", "a").toString();
    }

    private long fence() {
        return database.query("SELECT token FROM interlock_lock_fence").stream()
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }
}
