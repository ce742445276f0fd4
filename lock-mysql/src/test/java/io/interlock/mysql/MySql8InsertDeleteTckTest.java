// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.servers.MySqlServer;
import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The variant insert-delete keeps every rule of the test kit on MySQL 8. */
@EnabledIfSystemProperty(named = SqlTck.MYSQL8, matches = "true", disabledReason = "needs the profile mysql8")
class MySql8InsertDeleteTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return SqlTck.backend("mysql8", MySqlServer.start(), MysqlOptions.Variant.INSERT_DELETE);
    }
}
