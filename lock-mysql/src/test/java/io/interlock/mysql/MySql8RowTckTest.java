// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.servers.MySqlServer;
import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The variant row keeps every rule of the test kit on MySQL 8, too; on MariaDB it is always run. */
@EnabledIfSystemProperty(named = "lock.tck.every", matches = "true", disabledReason = "only with -Dlock.tck.every=true")
@EnabledIfSystemProperty(named = SqlTck.MYSQL8, matches = "true", disabledReason = "needs the profile mysql8")
class MySql8RowTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return SqlTck.backend("mysql8", MySqlServer.start(), MysqlOptions.Variant.ROW);
    }
}
