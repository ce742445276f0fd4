// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MariaDbServerTest extends SqlServerRules {
    @Override
    SqlServerBuilder builder() {
        return MariaDbServer.builder();
    }

    /** A MariaDB that starts deletes what a crash may have left in its folder for such tables. */
    @Test
    void temporaryTableOutlivesTheStartOfAnotherServer() throws SQLException {
        try (Connection connection = Sql.connect(server())) {
            Sql.ask(connection, "CREATE TEMPORARY TABLE t (id INT) ENGINE=MyISAM");
            builder().start().close();
            Sql.ask(connection, "INSERT INTO t VALUES (1)");
            assertThat(Sql.ask(connection, "SELECT id FROM t")).isEqualTo("1");
            Sql.ask(connection, "DROP TEMPORARY TABLE t");
        }
    }
}
