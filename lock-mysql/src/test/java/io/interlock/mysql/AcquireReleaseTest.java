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

import io.interlock.LockBackendException;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class AcquireReleaseTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Parameter
    Bench bench;

    private TestDatabase database;
    private LockBackend backend;
    private LockBackend other;

    @BeforeEach
    void open() {
        database = bench.open();
        backend = database.backend(bench.setting());
        other = database.backend(bench.setting());
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void heldLockIsRefusedAndNamesItsHolder() throws InterruptedException {
        Grant held = grant(backend, request("a"));
        var refusal = refused(attempt(other, request("a"), newOwner()));
        var holder = refusal.holder().orElseThrow();
        assertThat(holder.host()).isEqualTo("web-3");
        assertThat(holder.label()).contains("nightly");
        assertThat(holder.fencingToken()).hasValue(held.fencingToken());
        assertThat(holder.since().orElseThrow()).isCloseTo(serverTime(), Assertions.within(10, ChronoUnit.SECONDS));
    }

    @Test
    void releasedLockIsFree() throws InterruptedException {
        assertThat(grant(backend, request("a")).release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(other.holder("a")).isEmpty();
        assertThat(grant(other, request("a")).release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    @Tag("M.10")
    void tokensGrowOverReleaseExpiryDeletionAndLossOfAllRows() throws InterruptedException {
        Grant released = grant(backend, request("a"));
        released.release();
        Grant expired = grant(backend, request("a", SHORT));
        await().until(() -> other.holder("a").isEmpty());
        Grant deleted = grant(other, request("a"));
        database.update("DELETE FROM interlock_lock");
        Grant truncated = grant(other, request("a"));
        database.update("TRUNCATE TABLE interlock_lock");
        if (bench.isInsertDelete()) {
            database.update("TRUNCATE TABLE interlock_lock_fence");
        }
        Grant last = grant(backend, request("a"));
        assertThat(List.of(released, expired, deleted, truncated, last))
                .extracting(Grant::fencingToken)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void tokenIsTheServersTimeInMicroseconds() throws InterruptedException {
        var granted = Instant.EPOCH.plus(grant(backend, request("a")).fencingToken(), ChronoUnit.MICROS);
        assertThat(granted).isCloseTo(serverTime(), Assertions.within(10, ChronoUnit.SECONDS));
    }

    @Test
    void blockOfTokensAheadOfTheClockIsReserved() throws InterruptedException {
        grant(backend, request("a")).release();
        String counter = bench.isInsertDelete() ? "interlock_lock_fence SET" : "interlock_lock SET tokens = 1,";
        database.update("UPDATE " + counter + " token = 9007199254740000");
        Grant first = grant(backend, Spi.blockRequest("a", 5));
        first.release();
        Grant second = grant(backend, request("a"));
        assertThat(first.fencingToken()).isEqualTo(9_007_199_254_740_001L);
        assertThat(second.fencingToken()).isEqualTo(9_007_199_254_740_006L);
    }

    /** Tokens end, and never begin again. */
    @Test
    void counterAtItsEndIsAClearErrorAndGrantsNothing() throws InterruptedException {
        grant(backend, request("a")).release();
        String counter = bench.isInsertDelete() ? "interlock_lock_fence SET" : "interlock_lock SET tokens = 1,";
        database.update("UPDATE " + counter + " token = 9223372036854775806");
        Grant last = grant(backend, request("a"));
        assertThat(last.fencingToken()).isEqualTo(Long.MAX_VALUE);
        last.release();
        var owner = newOwner();
        assertThatThrownBy(() -> attempt(backend, request("a"), owner))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("lock 'a'")
                .hasMessageContaining("out of range");
        backend.undo(request("a"), owner); // as the engine does after an error
        assertThat(other.holder("a")).isEmpty();
    }

    @Test
    void expiredLockIsTakenAndItsFormerHolderChangesNothing() throws InterruptedException {
        Grant former = grant(backend, request("a", SHORT));
        await().until(() -> other.holder("a").isEmpty());
        Grant present = grant(other, request("a"));
        List<LossReason> losses = losses(former);
        assertThat(former.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.TAKEN);
        assertThat(former.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(present.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(present.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void releaseOfAnExpiredLockIsNotHeldAndLeavesNoHolder() throws InterruptedException {
        Grant former = grant(backend, request("a", SHORT));
        await().until(() -> other.holder("a").isEmpty());
        assertThat(former.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(database.rows()).isEqualTo(bench.isInsertDelete() ? 0 : 1);
    }

    @Test
    void leaseIsKeptToTheMicrosecondOfTheServersClock() throws InterruptedException {
        grant(backend, request("a", Duration.ofNanos(7_000_123_000L)));
        assertThat(database.number("SELECT TIMESTAMPDIFF(MICROSECOND, granted_at, expires_at) FROM interlock_lock"))
                .isEqualTo(7_000_123);
        assertThat(database.number(
                        "SELECT ABS(TIMESTAMPDIFF(SECOND, granted_at, UTC_TIMESTAMP(6)))" + " FROM interlock_lock"))
                .isLessThan(5);
    }

    @Test
    void renewalSetsAFullLeaseFromNow() throws InterruptedException {
        Grant grant = grant(backend, request("a", Duration.ofSeconds(5)));
        assertThat(grant.renew(Duration.ofSeconds(60))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(leftMillis()).isBetween(55_000L, 60_000L);
        assertThat(grant.renew(Duration.ofSeconds(5))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(leftMillis()).isBetween(0L, 5_000L);
    }

    @Test
    void renewalNeverMakesADeletedLockAgain() throws InterruptedException {
        Grant grant = grant(backend, request("a"));
        List<LossReason> losses = losses(grant);
        database.update("DELETE FROM interlock_lock");
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.DELETED);
        assertThat(database.rows()).isZero();
    }

    @Test
    void renewalAfterTheEndOfTheLeaseIsALossByExpiry() throws InterruptedException {
        Grant grant = grant(backend, request("a", SHORT));
        List<LossReason> losses = losses(grant);
        await().until(() -> other.holder("a").isEmpty());
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.EXPIRED);
        assertThat(other.holder("a")).isEmpty();
    }

    @Test
    void repeatedAttemptOfTheSameIdIsTheSameGrantWithAFullLease() throws InterruptedException {
        var owner = newOwner();
        Grant first = granted(attempt(backend, request("a", Duration.ofSeconds(5)), owner));
        Grant again = granted(attempt(backend, request("a", Duration.ofSeconds(60)), owner));
        assertThat(again.fencingToken()).isEqualTo(first.fencingToken());
        assertThat(leftMillis()).isGreaterThan(50_000);
    }

    @Test
    void forcedReleaseEndsTheGrantOfThatTokenAloneAndTellsItsHolder() throws InterruptedException {
        Grant grant = grant(backend, request("a"));
        List<LossReason> losses = losses(grant);
        assertThat(other.forceRelease("a", grant.fencingToken() - 1)).isFalse();
        assertThat(other.forceRelease("a", 0)).isFalse();
        assertThat(other.holder("a")).isPresent();
        assertThat(other.forceRelease("a", grant.fencingToken())).isTrue();
        assertThat(other.holder("a")).isEmpty();
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.FORCED);
        assertThat(grant(other, request("a")).fencingToken()).isGreaterThan(grant.fencingToken());
        assertThat(other.forceRelease("a", grant.fencingToken())).isFalse();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(other.holder("a")).isPresent();
    }

    @Test
    void undoFreesWhatTheIdHoldsAndNothingElse() throws InterruptedException {
        var owner = newOwner();
        granted(attempt(backend, request("a"), owner));
        assertThat(other.undo(request("a"), newOwner())).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(other.holder("a")).isPresent();
        assertThat(other.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(other.holder("a")).isEmpty();
        assertThat(other.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.NOT_HELD);
    }

    @Test
    void heldLockOutlivesARestartOfTheServerAndItsTokensGoOn() throws InterruptedException {
        Grant grant = grant(backend, request("a"));
        database.server().kill();
        database.server().restart();
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        refused(attempt(other, request("a"), newOwner()));
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(grant(other, request("a")).fencingToken()).isGreaterThan(grant.fencingToken());
    }

    private Instant serverTime() {
        long micros =
                database.number("SELECT TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6))");
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private long leftMillis() {
        return database.number(
                "SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), expires_at) DIV 1000" + " FROM interlock_lock");
    }

    private static List<LossReason> losses(Grant grant) {
        var losses = new ArrayList<LossReason>();
        grant.watch(new GrantListener() {
            @Override
            public void suspended() {}

            @Override
            public void resumed() {}

            @Override
            public void lost(LossReason reason) {
                losses.add(reason);
            }
        });
        return losses;
    }
}
