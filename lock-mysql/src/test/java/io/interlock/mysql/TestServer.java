// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.servers.MariaDbServer;
import io.interlock.servers.MySqlServer;
import io.interlock.servers.SqlServer;
import java.util.Arrays;
import java.util.stream.Stream;

/** A server and a driver on which tests run; each server is started once in a JVM, and ends with it. */
enum TestServer {
    MARIADB("mysql", Server.MARIADB),
    MARIADB_WITH_ITS_DRIVER("mariadb", Server.MARIADB),
    MYSQL("mysql", Server.MYSQL),
    MYSQL_WITH_MARIADBS_DRIVER("mariadb", Server.MYSQL);

    private final String scheme;
    private final Server server;

    TestServer(String scheme, Server server) {
        this.scheme = scheme;
        this.server = server;
    }

    /** Those that can run here: MySQL 8 needs the profile mysql8. */
    static Stream<TestServer> all() {
        boolean mysql8 = Boolean.getBoolean("lock.tck.mysql8");
        return Arrays.stream(values()).filter(one -> one.server == Server.MARIADB || mysql8);
    }

    String scheme() {
        return scheme;
    }

    SqlServer server() {
        return server.running();
    }

    private enum Server {
        MARIADB,
        MYSQL;

        SqlServer running() {
            return this == MARIADB ? MariaDb.RUNNING : MySql.RUNNING;
        }
    }

    /** Started by its first use. */
    private static final class MariaDb {
        private static final SqlServer RUNNING =
                MariaDbServer.builder().option("--max-connections=200").start();
    }

    /** Started by its first use. */
    private static final class MySql {
        private static final SqlServer RUNNING =
                MySqlServer.builder().option("--max-connections=200").start();
    }
}
