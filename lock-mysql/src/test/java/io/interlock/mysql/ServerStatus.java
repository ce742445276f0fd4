// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.servers.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** A database server's own counters. Confined to one thread. */
final class ServerStatus implements AutoCloseable {
    private static final String COUNTERS = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_select',"
            + " 'Com_insert', 'Com_update', 'Com_delete', 'Com_commit', 'Com_begin', 'Com_set_option', 'Handler_commit',"
            + " 'Innodb_os_log_fsyncs', 'Innodb_data_fsyncs')";

    private final Connection connection;

    ServerStatus(SqlServer server) throws SQLException {
        connection = DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + server.port() + "/" + SqlServer.DATABASE,
                SqlServer.ADMIN,
                SqlServer.ADMIN_PASSWORD);
    }

    Map<String, Long> counters() throws SQLException {
        var counters = new TreeMap<String, Long>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(COUNTERS)) {
            while (rows.next()) {
                counters.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counters;
    }

    Map<String, Long> since(Map<String, Long> before) throws SQLException {
        Map<String, Long> now = counters();
        now.replaceAll((name, value) -> value - before.get(name));
        return now;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
