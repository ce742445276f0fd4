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

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each error of the server: M.01, M.02, M.09. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.TestServer#all")
class StoreErrorsTest {
    @Parameter
    TestServer place;

    private TestDatabase database;
    private FaultySource source;

    @BeforeEach
    void open() {
        database = new TestDatabase(place);
        source = new FaultySource(database);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        assertThat(source.open()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into `interlock_lock`",
                "update `interlock_lock_fence`",
                "update `interlock_lock` set `token`"
            })
    @Tag("M.02")
    void deadlockOfAnAcquiringStatementIsTriedAgain(String statement) throws InterruptedException {
        LockBackend backend = backend();
        source.fail(statement, 3, FaultySource::deadlock);
        assertThat(grant(backend, request("a")).release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(source.left()).isZero();
    }

    @Test
    @Tag("M.02")
    void lockWaitTimeoutOfTheInsertIsTriedAgain() throws InterruptedException {
        LockBackend backend = backend();
        source.fail("insert into `interlock_lock`", 3, FaultySource::lockWaitTimeout);
        grant(backend, request("a"));
        assertThat(source.left()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1205, 1213})
    @Tag("M.02")
    void deadlockOrLockWaitTimeoutOfTheDeleteIsTriedAgain(int code) throws InterruptedException {
        LockBackend backend = backend();
        Grant grant = grant(backend, request("a"));
        source.fail("delete", 3, () -> code == 1205 ? FaultySource.lockWaitTimeout() : FaultySource.deadlock());
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(source.left()).isZero();
        assertThat(database.rows()).isZero();
    }

    @Test
    void deadlockOfARowsUpdateIsTriedAgain() throws InterruptedException {
        LockBackend backend = backend(MysqlOptions.Variant.ROW);
        source.fail("update", 3, FaultySource::deadlock);
        Grant grant = grant(backend, request("a"));
        source.fail("update", 3, FaultySource::deadlock);
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        source.fail("update", 3, FaultySource::deadlock);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void deadlocksWithoutEndAreAnErrorInTimeAndNotARefusal() {
        LockBackend backend = backend();
        source.fail("insert into `interlock_lock`", Integer.MAX_VALUE, FaultySource::deadlock);
        assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("Deadlock found")
                .hasMessageContaining("1213");
    }

    @Test
    @Tag("M.01")
    void duplicateKeyOfAnotherIndexIsAnErrorAndNotARefusal() throws InterruptedException {
        LockBackend backend = backend();
        database.update("CREATE UNIQUE INDEX one_holder ON interlock_lock (holder)");
        grant(backend, request("a"));
        assertThatThrownBy(() -> attempt(backend, request("b"), newOwner()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("one_holder");
    }

    @Test
    @Tag("M.01")
    void duplicateKeyOfATriggersTableIsAnErrorAndNotARefusal() throws InterruptedException {
        LockBackend backend = backend();
        database.update("CREATE TABLE audit (n INT, UNIQUE KEY only_once (n))");
        database.update(
                "CREATE TRIGGER audits AFTER INSERT ON interlock_lock FOR EACH ROW INSERT INTO audit VALUES (1)");
        grant(backend, request("a"));
        assertThatThrownBy(() -> attempt(backend, request("b"), newOwner()))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("only_once");
    }

    @Test
    void errorOfTheServerAfterTheInsertIsAmbiguousSoThatTheRowIsUndone() throws InterruptedException {
        LockBackend backend = backend();
        var owner = newOwner();
        source.fail("update `interlock_lock_fence`", 1, () -> new SQLException("The table is full", "HY000", 1114));
        assertThatThrownBy(() -> attempt(backend, request("a"), owner))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue())
                .hasMessageContaining("The table is full");
        assertThat(backend.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(database.rows()).isZero();
    }

    @Test
    void errorOfTheServerAtTheInsertIsNotAmbiguous() {
        LockBackend backend = backend();
        source.fail("insert into `interlock_lock`", 1, () -> new SQLException("read-only", "HY000", 1290));
        assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("read-only (error 1290)");
    }

    @Test
    @Tag("M.09")
    void grantingStatementIsNeverRepeatedAfterABrokenConnection() {
        LockBackend backend = backend();
        source.failAfterwards("insert into `interlock_lock`", 1, FaultySource::brokenConnection);
        assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        assertThat(source.statements().stream().filter(sql -> sql.startsWith("insert into `interlock_lock`")))
                .hasSize(1);
    }

    @Test
    @Tag("M.09")
    void deadPooledConnectionCostsAnAttemptNothing() throws InterruptedException {
        LockBackend backend = backend();
        source.fail("select", 1, FaultySource::brokenConnection);
        grant(backend, request("a"));
        assertThat(source.left()).isZero();
    }

    @Test
    void twoDeadConnectionsAreAnErrorThatIsNotAmbiguousForALook() {
        LockBackend backend = backend();
        source.fail("select", 2, FaultySource::brokenConnection);
        assertThatThrownBy(() -> attempt(backend, request("a"), newOwner()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("Communications link failure");
    }

    @Test
    void deadPooledConnectionCostsRenewalAndReleaseNothing() throws InterruptedException {
        LockBackend backend = backend();
        Grant grant = grant(backend, request("a"));
        source.fail("update", 1, FaultySource::brokenConnection);
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        source.fail("delete", 1, FaultySource::brokenConnection);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void renewalThatChangedNothingIsNoLossWhileTheRowIsOurs() throws InterruptedException {
        LockBackend backend = backend();
        Grant grant = grant(backend, request("a"));
        source.answerZero("update `interlock_lock` set `expires_at`", 1);
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(source.left()).isZero();
    }

    @Test
    void releaseThatMayHaveHappenedOnADeadConnectionIsUnknown() throws InterruptedException {
        LockBackend backend = backend();
        Grant grant = grant(backend, request("a"));
        source.failAfterwards("delete", 1, FaultySource::brokenConnection);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(database.rows()).isZero();
    }

    @Test
    void forcedReleaseThatMayHaveHappenedOnADeadConnectionIsRecognized() throws InterruptedException {
        LockBackend backend = backend();
        Grant grant = grant(backend, request("a"));
        source.failAfterwards("update", 1, FaultySource::brokenConnection);
        assertThat(backend.forceRelease("a", grant.fencingToken())).isTrue();
    }

    @Test
    void brokenConnectionsOfAllCallsAreUnknownAndNeverLost() throws InterruptedException {
        LockBackend backend = backend();
        Grant grant = grant(backend, request("a"));
        source.fail("", Integer.MAX_VALUE, FaultySource::brokenConnection);
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(backend.undo(request("a"), newOwner())).isEqualTo(ReleaseOutcome.UNKNOWN);
        source.fail("none", 0, FaultySource::brokenConnection);
        assertThat(backend.holder("a")).isPresent();
    }

    @Test
    void insertWhoseReplyIsLostTakesNothingForLong() throws InterruptedException {
        LockBackend backend = backend();
        var owner = newOwner();
        source.failAfterwards("insert into `interlock_lock`", 1, FaultySource::brokenConnection);
        assertThatThrownBy(() -> attempt(backend, request("a"), owner)).isInstanceOf(LockBackendException.class);
        refused(attempt(backend, request("a"), newOwner()));
        assertThat(backend.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        granted(attempt(backend, request("a"), newOwner()));
    }

    @Test
    void ownRowWithoutATokenIsFinishedByTheSameId() throws InterruptedException {
        LockBackend backend = backend();
        var owner = newOwner();
        source.failAfterwards("insert into `interlock_lock`", 1, FaultySource::brokenConnection);
        assertThatThrownBy(() -> attempt(backend, request("a"), owner)).isInstanceOf(LockBackendException.class);
        Grant grant = granted(attempt(backend, request("a"), owner));
        assertThat(grant.fencingToken()).isPositive();
        assertThat(backend.holder("a").orElseThrow().fencingToken()).hasValue(grant.fencingToken());
    }

    private LockBackend backend() {
        return backend(MysqlOptions.Variant.INSERT_DELETE);
    }

    private LockBackend backend(MysqlOptions.Variant variant) {
        var options = MysqlOptions.defaults().withVariant(variant).withSchema(MysqlOptions.Schema.CREATE);
        return database.started(MysqlLocks.backend(source.dataSource(), options));
    }
}
