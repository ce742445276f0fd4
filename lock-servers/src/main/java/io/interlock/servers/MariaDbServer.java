// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

/** Makes MariaDB servers. */
public final class MariaDbServer {
    private MariaDbServer() {}

    /** {@return a running server with the default settings} */
    public static SqlServer start() {
        return builder().start();
    }

    /** {@return a builder of a server with settings of your own} */
    public static SqlServerBuilder builder() {
        return new SqlServerBuilder(MariaDbRecipe::new);
    }
}
