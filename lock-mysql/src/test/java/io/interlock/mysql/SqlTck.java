// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.servers.SqlServer;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;

/** A variant on a server of its own, for the test kit. */
final class SqlTck {
    /** Tests on MySQL 8 run under the Maven profile mysql8, which sets it. */
    static final String MYSQL8 = "lock.tck.mysql8";

    private SqlTck() {}

    static TckBackend backend(String serverName, SqlServer server, MysqlOptions.Variant variant) {
        String uri = server.uri("schema=create&variant=" + variant.text());
        return UriTckBackend.of(serverName + "-" + variant.text(), uri)
                .withServers(server.description())
                .withOnClose(server::close);
    }
}
