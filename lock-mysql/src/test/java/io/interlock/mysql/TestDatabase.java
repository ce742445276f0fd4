// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.servers.SqlServer;
import io.interlock.spi.LockBackend;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.NetworkControl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A database for one test, and what the test opens on it: all of it is closed, and the tables dropped, at the end. */
final class TestDatabase implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final TestServer place;
    private final SqlServer server;

    TestDatabase(TestServer place) {
        this.place = place;
        server = place.server();
        if (!server.isAlive()) {
            server.restart();
        }
        dropTables();
    }

    SqlServer server() {
        return server;
    }

    String uri(String... settings) {
        return uriAt(server.port(), settings);
    }

    String uriAt(int port, String... settings) {
        String query = Stream.concat(Stream.of("schema=create"), Arrays.stream(settings))
                .collect(Collectors.joining("&"));
        return place.scheme() + "://" + SqlServer.USER + ":" + SqlServer.PASSWORD + "@127.0.0.1:" + port + "/"
                + SqlServer.DATABASE + "?" + query;
    }

    LockClient client(String... settings) {
        return keep(LockClient.open(uri(settings)));
    }

    LockBackend backend(String... settings) {
        return backendAt(server.port(), settings);
    }

    LockBackend backendAt(int port, String... settings) {
        return started(new MysqlLockProvider().open(LockConfig.of(uriAt(port, settings))));
    }

    /** A backend that passes the seam between the statements of an attempt. */
    LockBackend backend(Seam seam, String... settings) {
        var config = LockConfig.of(uri(settings));
        var options = MysqlSettings.options(config);
        return started(new MysqlBackend(MysqlConnector.connect(config, options), options, seam));
    }

    LockBackend started(LockBackend backend) {
        keep(backend).start(keep(new TestContext()));
        return backend;
    }

    /** A link to the server that can keep statements back. */
    Link link() {
        return keep(NetworkControl.loopback(new SqlWireFormat(sql -> Command.Kind.OTHER))
                .newLink());
    }

    /** A backend over a link. */
    LockBackend backendOver(Link link, String... settings) {
        return backendAt(
                link.endFor(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
                        .getPort(),
                settings);
    }

    /** A connection beside the code under test, for looking and meddling. */
    Connection connect() throws SQLException {
        return connect("");
    }

    /**
     * With a property of the driver.
     *
     * @param property such as {@code useAffectedRows=true}
     */
    Connection connect(String property) throws SQLException {
        String url = (place.scheme().equals("mysql") ? "jdbc:mysql" : "jdbc:mariadb") + "://127.0.0.1:" + server.port()
                + "/" + SqlServer.DATABASE + "?allowPublicKeyRetrieval=true"
                + (property.isEmpty() ? "" : "&" + property);
        return DriverManager.getConnection(url, SqlServer.ADMIN, SqlServer.ADMIN_PASSWORD);
    }

    int update(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of all rows. */
    List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long number(String sql) {
        return Long.parseLong(query(sql).get(0));
    }

    /** Rows of locks, whoever holds them. */
    long rows() {
        return number("SELECT COUNT(*) FROM interlock_lock");
    }

    <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    @Override
    public void close() throws Exception {
        if (server.isAlive()) {
            server.resume();
        }
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private void dropTables() {
        query("SELECT table_name FROM information_schema.tables WHERE table_schema = database()")
                .forEach(table -> update("DROP TABLE `" + table + "`"));
    }
}
