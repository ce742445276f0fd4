// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Hands a thread that has begun a transaction the connection of it, as transaction managers do. */
final class ThreadBoundSource {
    private static final ThreadLocal<@Nullable Connection> BOUND = new ThreadLocal<>();

    private final TestDatabase database;

    ThreadBoundSource(TestDatabase database) {
        this.database = database;
        BOUND.remove(); // what an earlier test has begun
    }

    /** Begins a transaction on this thread. */
    Connection begin() throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        BOUND.set(connection);
        return connection;
    }

    DataSource dataSource() {
        return new PlainSource(() -> {
            Connection own = BOUND.get();
            return own == null ? database.connect() : uncloseable(own);
        });
    }

    private static Connection uncloseable(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    try {
                        return method.getName().equals("close") ? null : method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
