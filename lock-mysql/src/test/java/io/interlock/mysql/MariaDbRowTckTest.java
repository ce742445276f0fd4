// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.servers.MariaDbServer;
import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;

/** The variant row keeps every rule of the test kit on MariaDB. */
class MariaDbRowTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return SqlTck.backend("mariadb", MariaDbServer.start(), MysqlOptions.Variant.ROW);
    }
}
