// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;

/**
 * A borrowed connection and the call that it serves. Every statement commits by itself and ends within the call. Confined
 * to the thread that borrowed it.
 */
final class Session {
    /** How often a statement is sent again that lost a deadlock, if the call lasts that long. */
    private static final int MAX_RETRIES = 30;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration MAX_PAUSE = Duration.ofMillis(32);

    private final Connection connection;
    private final StoreCall call;
    private final MysqlErrors errors;
    private final RandomGenerator random;
    private final boolean secondTry;
    private boolean answered;
    private boolean changing;
    private boolean mayHaveGranted;
    private int retries;

    Session(Connection connection, StoreCall call, MysqlErrors errors, RandomGenerator random, boolean secondTry) {
        this.connection = connection;
        this.call = call;
        this.errors = errors;
        this.random = random;
        this.secondTry = secondTry;
    }

    /** Whether the first statement was sent before, over a connection that broke: it may have been carried out then. */
    boolean isSecondTry() {
        return secondTry;
    }

    /** Whether the connection was seen to work. */
    boolean isAnswered() {
        return answered;
    }

    /** From here on a failure must be undone, even one that the server reports: a statement before it has taken. */
    void mayHaveGranted(boolean may) {
        mayHaveGranted = may;
    }

    /** Whether a failure without an answer leaves open what has become of the database. */
    boolean isAmbiguous(SQLException failure) {
        return mayHaveGranted || (changing && SqlErrorCode.isUnanswered(failure));
    }

    /** Runs a statement; how many rows it matched. */
    int update(Query query) throws SQLException {
        changing = true;
        return prepared(query, Statement.NO_GENERATED_KEYS, PreparedStatement::executeUpdate);
    }

    /** Runs a statement, again if it lost a deadlock or waited too long for a row; nothing was changed then. */
    int updatePersistently(Query query) throws SQLException, InterruptedException {
        while (true) {
            try {
                return update(query);
            } catch (SQLException e) {
                pauseOrThrow(e);
            }
        }
    }

    /** Runs a statement that sets the last insert id; that id, if a row matched. */
    OptionalLong updateNumbering(Query query) throws SQLException {
        changing = true;
        return prepared(query, Statement.RETURN_GENERATED_KEYS, statement -> {
            if (statement.executeUpdate() == 0) {
                return OptionalLong.empty();
            }
            try (ResultSet ids = statement.getGeneratedKeys()) {
                if (!ids.next()) {
                    throw new SQLException("the driver does not tell the last insert id");
                }
                return OptionalLong.of(ids.getLong(1));
            }
        });
    }

    /** The one row of a query, if there is any. */
    <T> Optional<T> row(Query query, RowReader<T> reader) throws SQLException {
        return rows(query, reader).stream().findFirst();
    }

    <T> List<T> rows(Query query, RowReader<T> reader) throws SQLException {
        changing = false;
        return prepared(query, Statement.NO_GENERATED_KEYS, statement -> {
            try (ResultSet found = statement.executeQuery()) {
                var rows = new ArrayList<T>();
                while (found.next()) {
                    rows.add(reader.read(found));
                }
                return rows;
            }
        });
    }

    /** Waits a random while if what failed may be sent again, and throws it otherwise. */
    void pauseOrThrow(SQLException e) throws SQLException, InterruptedException {
        if (!SqlErrorCode.isTransient(e) || retries == MAX_RETRIES || call.isOver()) {
            throw e;
        }
        retries++;
        Duration pause = Durations.atMost(MAX_PAUSE, FIRST_PAUSE.multipliedBy(1L << Math.min(retries, 10)));
        pause(Durations.atMost(call.left(), Durations.between(Duration.ZERO, pause, random)));
    }

    private static void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(Session.class, left);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between two tries of a statement");
            }
        }
    }

    private <T extends @Nullable Object> T prepared(Query query, int keys, Execution<T> execution) throws SQLException {
        if (call.isOver()) {
            throw errors.tooLate(call, mayHaveGranted);
        }
        try {
            connection.setNetworkTimeout(Runnable::run, call.leftMillis());
            try (PreparedStatement statement = connection.prepareStatement(query.getSQL(), keys)) {
                bind(statement, query.getBindValues());
                T result = execution.of(statement);
                answered = true;
                return result;
            }
        } catch (SQLException e) {
            answered |= !SqlErrorCode.isUnanswered(e);
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, List<@Nullable Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    /** Reads the row on which a result stands. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private interface Execution<T extends @Nullable Object> {
        T of(PreparedStatement statement) throws SQLException;
    }
}
