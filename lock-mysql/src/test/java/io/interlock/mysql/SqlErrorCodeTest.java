// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlErrorCodeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Duplicate entry 'default:a' for key 'PRIMARY'",
                "Duplicate entry 'default:a' for key 'locks.PRIMARY'",
                "(conn=7) Duplicate entry 'default:a' for key 'PRIMARY'",
                "Doppelter Eintrag 'default:a' für Schlüssel 'PRIMARY'",
                "'default:a' は索引 'PRIMARY' で重複しています。",
                "Duplicate entry 'it's' for key 'LOCKS.PRIMARY'"
            })
    void duplicateNameIsOurKey(String message) {
        assertThat(SqlErrorCode.isOurKey(new SQLException(message, "23000", 1062), "locks"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Duplicate entry 'x' for key 'holder'",
                "Duplicate entry 'x' for key 'locks.holder'",
                "Duplicate entry 'x' for key 'audit.PRIMARY'",
                "Duplicate entry 'a' for key 'PRIMARY' for key 'holder'",
                "Duplicate entry",
                "'"
            })
    void duplicateOfSomethingElseIsNot(String message) {
        assertThat(SqlErrorCode.isOurKey(new SQLException(message, "23000", 1062), "locks"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1052, 1452, 1048, 1213, 0})
    void otherIntegrityViolationIsNot(int code) {
        var e = new SQLException("Duplicate entry 'default:a' for key 'PRIMARY'", "23000", code);
        assertThat(SqlErrorCode.isOurKey(e, "locks")).isFalse();
    }

    @Test
    void onlyDeadlockAndLockWaitTimeoutAreTriedAgain() {
        assertThat(SqlErrorCode.isTransient(new SQLException("", "40001", 1213)))
                .isTrue();
        assertThat(SqlErrorCode.isTransient(new SQLException("", "HY000", 1205)))
                .isTrue();
        assertThat(SqlErrorCode.isTransient(new SQLException("", "40001", 0))).isFalse();
        assertThat(SqlErrorCode.isTransient(new SQLException("", "23000", 1062)))
                .isFalse();
    }

    @Test
    void errorWithANumberOfTheServerIsAnswered() {
        assertThat(SqlErrorCode.isUnanswered(new SQLException("denied", "42000", 1142)))
                .isFalse();
        assertThat(SqlErrorCode.isUnanswered(new SQLException("shutdown", "08S01", 1053)))
                .isTrue();
        assertThat(SqlErrorCode.isUnanswered(new SQLException("link failure", "08S01", 0)))
                .isTrue();
        assertThat(SqlErrorCode.isUnanswered(new SQLNonTransientConnectionException("closed", "08000", 1234)))
                .isTrue();
        assertThat(SqlErrorCode.isUnanswered(new SQLTransientConnectionException("none", "08000", 1)))
                .isTrue();
        assertThat(SqlErrorCode.isUnanswered(new SQLException("strange"))).isTrue();
    }

    @Test
    void timeoutIsFoundAmongTheCauses() {
        var timeout = new SQLException(new IllegalStateException(new SocketTimeoutException("Read timed out")));
        assertThat(SqlErrorCode.isTimeout(timeout)).isTrue();
        assertThat(SqlErrorCode.isTimeout(new SQLException("closed"))).isFalse();
    }
}
