// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.servers.MariaDbServer;
import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;

/** The variant insert-delete keeps every rule of the test kit on MariaDB. */
class MariaDbInsertDeleteTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return SqlTck.backend("mariadb", MariaDbServer.start(), MysqlOptions.Variant.INSERT_DELETE);
    }
}
