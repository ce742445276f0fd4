// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockBackendException;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the driver's exceptions into ours: what failed, where, in the store's own words, and whether it may have happened
 * all the same. Immutable.
 *
 * @param address the store, for messages
 * @param password what must not be shown, should a driver or server repeat it
 */
record MysqlErrors(String address, Optional<String> password) {
    MysqlErrors {
        // every text contains the empty one
        password = password.filter(secret -> !secret.isEmpty());
    }

    /** No connection: nothing was sent. */
    LockBackendException noConnection(StoreCall call, Exception e) {
        String limit = call.isSpent() ? "no connection within " + call.timeout().toMillis() + " ms: " : "";
        return failure(call, limit + words(e), e, false);
    }

    /** The time was used up between two statements. */
    LockBackendException tooLate(StoreCall call, boolean ambiguous) {
        return failure(call, "not done within " + call.timeout().toMillis() + " ms", null, ambiguous);
    }

    /** A statement failed, and the session knows what that leaves open. */
    LockBackendException afterSending(StoreCall call, SQLException e, boolean ambiguous) {
        boolean unanswered = SqlErrorCode.isUnanswered(e);
        boolean late = unanswered && (SqlErrorCode.isTimeout(e) || call.isSpent());
        String limit = late ? "no answer within " + call.timeout().toMillis() + " ms: " : "";
        return failure(call, limit + words(e), e, ambiguous);
    }

    LockBackendException failure(StoreCall call, String words, @Nullable Throwable cause, boolean ambiguous) {
        String message = "mysql at " + address + ": " + call.what() + " failed: " + words;
        String masked = masked(message);
        return new LockBackendException(masked, masked.equals(message) ? cause : null, ambiguous);
    }

    /** What may be logged of an exception: its words, without the password. */
    String shown(Throwable e) {
        return masked(e.getClass().getSimpleName() + ": " + words(e));
    }

    private String masked(String message) {
        return password.map(secret -> message.replace(secret, "***")).orElse(message);
    }

    /** The messages of an exception and its causes; a pool's time-out hides "Connection refused" in there. */
    private static String words(Throwable e) {
        Set<String> words = new LinkedHashSet<>();
        for (Throwable cause = e; cause != null && words.size() < 10; cause = cause.getCause()) {
            String message = message(cause);
            if (message != null && words.stream().noneMatch(said -> said.contains(message))) {
                words.add(message);
            }
        }
        return words.isEmpty() ? e.getClass().getSimpleName() : String.join(": ", words);
    }

    private static @Nullable String message(Throwable e) {
        String message = e.getMessage();
        boolean numbered = e instanceof SQLException sql && sql.getErrorCode() > 0;
        return message != null && numbered
                ? message.strip() + " (error " + ((SQLException) e).getErrorCode() + ")"
                : message;
    }
}
