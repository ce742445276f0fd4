// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/**
 * What the server's error numbers mean to us. MySQL and MariaDB agree on them; on SQL states and exception types the
 * drivers do not.
 */
enum SqlErrorCode {
    DUPLICATE_KEY(1062),
    DEADLOCK(1213),
    LOCK_WAIT_TIMEOUT(1205),
    OPTION_PREVENTS_STATEMENT(1290),
    READ_ONLY_MODE(1836);

    private final int number;

    SqlErrorCode(int number) {
        this.number = number;
    }

    boolean is(SQLException e) {
        return e.getErrorCode() == number;
    }

    /**
     * Whether a duplicate key is the name of a lock or counter, and not what somebody else has made unique since the
     * tables were checked. The key is the last thing that the message quotes, in every language of the server; newer
     * servers put the table before it.
     */
    static boolean isOurKey(SQLException e, String table) {
        String message = String.valueOf(e.getMessage());
        int end = message.lastIndexOf('\'');
        int start = message.lastIndexOf('\'', end - 1);
        if (!DUPLICATE_KEY.is(e) || start < 0) {
            return false;
        }
        String key = message.substring(start + 1, end);
        return key.equals("PRIMARY") || key.equalsIgnoreCase(table + ".PRIMARY");
    }

    /** Whether the statement was rolled back because of what others do at the same time, and may be sent again. */
    static boolean isTransient(SQLException e) {
        return DEADLOCK.is(e) || LOCK_WAIT_TIMEOUT.is(e);
    }

    /** Whether the server takes no writes. */
    static boolean isReadOnly(SQLException e) {
        return OPTION_PREVENTS_STATEMENT.is(e) || READ_ONLY_MODE.is(e);
    }

    /** Whether the server did not answer, so that the statement may or may not have been carried out. */
    static boolean isUnanswered(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return e.getErrorCode() == 0
                || state.startsWith("08")
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException;
    }

    /** Whether the time was over, so that another try has none. */
    static boolean isTimeout(@Nullable Throwable e) {
        return e instanceof SocketTimeoutException || (e != null && e.getCause() != e && isTimeout(e.getCause()));
    }
}
