// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Talks to a database server. */
final class Sql {
    private static final String DRIVER_OPTIONS =
            "?connectTimeout=2000&socketTimeout=%d&sslMode=disable&allowPublicKeyRetrieval=true";
    private static final int PATIENT_MILLIS = 20_000;

    private Sql() {}

    static Connection connect(SqlServer server) throws SQLException {
        return connect(server, SqlServer.USER, SqlServer.PASSWORD, PATIENT_MILLIS);
    }

    static Connection connect(SqlServer server, String user, String password, int timeoutMillis) throws SQLException {
        String url = "jdbc:mariadb://" + server.host() + ":" + server.port() + "/" + SqlServer.DATABASE;
        return DriverManager.getConnection(url + DRIVER_OPTIONS.formatted(timeoutMillis), user, password);
    }

    static Connection admin(SqlServer server) throws SQLException {
        return connect(server, SqlServer.ADMIN, SqlServer.ADMIN_PASSWORD, PATIENT_MILLIS);
    }

    /** {@return the first field of the last row; empty if there is none} */
    static String ask(Connection connection, String sql) throws SQLException {
        String answer = "";
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (var rows = statement.getResultSet()) {
                    while (rows.next()) {
                        answer = String.valueOf(rows.getString(1));
                    }
                }
            }
        }
        return answer;
    }

    /** On a connection of its own. */
    static String askOnce(SqlServer server, String sql) throws SQLException {
        try (Connection connection = connect(server)) {
            return ask(connection, sql);
        }
    }
}
