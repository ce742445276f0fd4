// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

/**
 * Makes MySQL 8 servers. As a process it runs on Linux only, and needs two libraries of the system, libaio and libnuma; a
 * start without them says so. Its executable is on the class path under the Maven profile {@code mysql8} only.
 */
public final class MySqlServer {
    private MySqlServer() {}

    /** {@return a running server with the default settings} */
    public static SqlServer start() {
        return builder().start();
    }

    /** {@return a builder of a server with settings of your own} */
    public static SqlServerBuilder builder() {
        return new SqlServerBuilder(MySqlRecipe::new);
    }
}
