// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every kind of database server. */
abstract class SqlServerRules {
    @AutoClose
    private SqlServer server;

    abstract SqlServerBuilder builder();

    @BeforeEach
    void start() {
        server = builder().start();
    }

    @Test
    void startedServerAnswers() throws SQLException {
        assertThat(Sql.askOnce(server, "SELECT DATABASE()")).isEqualTo("interlock");
        assertThat(server.uri()).isEqualTo("mysql://interlock:s3cret@127.0.0.1:" + server.port() + "/interlock");
        assertThat(server.uri("variant=row")).isEqualTo(server.uri() + "?variant=row");
    }

    @Test
    void describesWhatRunsAndWhere() throws SQLException {
        String version = Sql.askOnce(server, "SELECT VERSION()").replaceAll("[^0-9.].*", "");
        assertThat(server.description())
                .matches("(MariaDB|MySQL) [0-9.]+, (process|container .*)")
                .contains(" " + version + ", ");
    }

    @Test
    void isReachedOnLoopbackOnly() throws IOException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        for (InetAddress address : others) {
            assertThatThrownBy(() -> connect(address)).as("%s", address).isInstanceOf(IOException.class);
        }
    }

    @Test
    void userMayDoEverythingInItsDatabaseAndNothingElse() throws SQLException {
        try (Connection user = Sql.connect(server)) {
            Sql.ask(user, "CREATE TABLE t (id INT)");
            assertThatThrownBy(() -> Sql.ask(user, "CREATE DATABASE other")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> Sql.connect(server, SqlServer.USER, "wrong", 2_000))
                .isInstanceOf(SQLException.class);
        try (Connection admin = Sql.admin(server)) {
            Sql.ask(admin, "CREATE DATABASE other");
        }
    }

    @Test
    void rootAndNobodyCanNotComeIn() {
        assertThatThrownBy(() -> Sql.connect(server, "root", "", 2_000)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> Sql.connect(server, "", "", 2_000)).isInstanceOf(SQLException.class);
    }

    @Test
    void killedServerKeepsWhatWasCommittedAndComesBackOnTheSamePort() throws SQLException {
        int port = server.port();
        try (Connection open = Sql.connect(server)) {
            Sql.ask(open, "CREATE TABLE t (id INT)");
            Sql.ask(open, "INSERT INTO t VALUES (1)");
            open.setAutoCommit(false);
            Sql.ask(open, "INSERT INTO t VALUES (2)");
            server.kill();
        }
        assertThat(server.isAlive()).isFalse();
        assertThatThrownBy(() -> Sql.askOnce(server, "SELECT 1")).isInstanceOf(SQLException.class);

        server.restart();
        assertThat(server.port()).isEqualTo(port);
        assertThat(Sql.askOnce(server, "SELECT MAX(id) FROM t")).isEqualTo("1");
    }

    @Test
    void emptyRestartForgetsAndHasItsUsersAgain() throws SQLException {
        Sql.askOnce(server, "CREATE TABLE t (id INT)");
        server.restartEmpty();
        assertThat(Sql.askOnce(server, "SHOW TABLES")).isEmpty();
        server.restart();
        assertThat(Sql.askOnce(server, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void pausedServerIsSilentAndAnswersOnResume() throws SQLException {
        try (Connection patient = Sql.connect(server);
                Connection hasty = Sql.connect(server, SqlServer.USER, SqlServer.PASSWORD, 300)) {
            server.pause();
            server.pause();
            assertThatThrownBy(() -> Sql.ask(hasty, "SELECT 1")).isInstanceOf(SQLException.class);
            assertThat(server.isAlive()).isTrue();
            server.resume();
            server.resume();
            assertThat(Sql.ask(patient, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void closedServerIsGoneWithItsFolderAndStaysClosed() {
        server.pause();
        assertThat(server.folder()).exists();
        server.close();
        server.close();
        assertThat(server.isAlive()).isFalse();
        assertThat(server.folder()).doesNotExist();
        assertThatThrownBy(server::restart).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::restartEmpty).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void optionsReachTheServer() throws SQLException {
        try (SqlServer small =
                builder().option("--max-connections=17").durable().start()) {
            assertThat(Sql.askOnce(small, "SELECT @@max_connections")).isEqualTo("17");
            assertThat(Sql.askOnce(small, "SELECT @@innodb_flush_log_at_trx_commit"))
                    .isEqualTo("1");
        }
    }

    @Test
    void takenPortAndBadOptionAreToldWithTheLog() throws IOException {
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find()));
            SqlServerBuilder onTaken = builder().port(taken.getLocalPort());
            assertThatThrownBy(onTaken::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
        SqlServerBuilder bad = builder().option("--no-such-option=1");
        assertThatThrownBy(bad::start).hasMessageContaining("no-such-option");
    }

    SqlServer server() {
        return server;
    }

    private void connect(InetAddress address) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, server.port()), 1_000);
        }
    }
}
