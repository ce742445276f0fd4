// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockConfig;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One connection beside the code under test, which knows how many statements it has sent. Thread-safe. */
final class SqlShell implements AutoCloseable {
    private final Connection connection;
    private final ReentrantLock turn = new ReentrantLock();
    private long statements; // guarded by turn

    SqlShell(LockConfig config) {
        InetSocketAddress host = config.hosts(MysqlConnector.DEFAULT_PORT).get(0);
        var driver = MysqlDriver.find(config.scheme());
        var properties = new Properties();
        config.user().ifPresent(user -> properties.setProperty("user", user));
        config.password().ifPresent(password -> properties.setProperty("password", password));
        String url = driver.urlPrefix() + host.getHostString() + ":" + host.getPort() + config.path();
        try {
            connection = driver.load().connect(url, properties);
        } catch (SQLException e) {
            throw new IllegalStateException("the test kit could not connect", e);
        }
    }

    /** {@return how many rows there are that it matched} */
    int update(String sql, Object... values) {
        return run(sql, values, PreparedStatement::executeUpdate);
    }

    /** {@return the first field of the first row, if there is one and it is not null} */
    Optional<Object> field(String sql, Object... values) {
        return rows(sql, values).stream()
                .findFirst()
                .map(row -> row.get(row.size() == 1 ? 0 : 1))
                .filter(value -> value != NULL);
    }

    long number(String sql, Object... values) {
        return field(sql, values)
                .map(value -> Long.parseLong(value.toString()))
                .orElseThrow(() -> new IllegalStateException("no number: " + sql));
    }

    List<List<Object>> rows(String sql, Object... values) {
        return run(sql, values, statement -> {
            try (ResultSet found = statement.executeQuery()) {
                var rows = new ArrayList<List<Object>>();
                while (found.next()) {
                    rows.add(fields(found));
                }
                return rows;
            }
        });
    }

    /** How many statements were sent over this connection. */
    long statements() {
        turn.lock();
        try {
            return statements;
        } finally {
            turn.unlock();
        }
    }

    private static final Object NULL = "null";

    private static List<Object> fields(ResultSet row) throws SQLException {
        var fields = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            @Nullable Object value = row.getObject(i);
            fields.add(
                    value == null
                            ? NULL
                            : value instanceof byte[] bytes
                                    ? java.util.HexFormat.of().formatHex(bytes)
                                    : value);
        }
        return fields;
    }

    private <T> T run(String sql, Object[] values, Execution<T> execution) {
        turn.lock();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statements++;
            return execution.of(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("statement of the test kit failed: " + sql, e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("connection of the test kit could not be closed", e);
        }
    }

    private interface Execution<T> {
        T of(PreparedStatement statement) throws SQLException;
    }
}
