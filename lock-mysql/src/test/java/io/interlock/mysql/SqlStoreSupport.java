// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.StoreSupport;
import io.interlock.tck.Timing;
import io.interlock.tck.WireFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the test kit needs to know of MySQL and MariaDB: a look into the tables, and the statements on the wire. Thread-safe. */
public final class SqlStoreSupport implements StoreSupport {
    /** An acquire of some statements, each of which the server writes down, has a third of it. */
    private static final Duration MIN_LEASE = Duration.ofMillis(750);

    /** For ServiceLoader. */
    public SqlStoreSupport() {}

    @Override
    public Set<String> schemes() {
        return Set.of(MysqlSettings.MYSQL, MysqlSettings.MARIADB);
    }

    @Override
    public int defaultPort() {
        return MysqlConnector.DEFAULT_PORT;
    }

    /** A poll comes after one and a half of its mean time at the latest. */
    @Override
    public Timing timing(LockConfig config) {
        MysqlOptions options = MysqlSettings.options(config);
        Duration poll = options.poll().multipliedBy(3).dividedBy(2);
        return Timing.defaults()
                .withWakeUp(Timing.defaults().wakeUp().plus(poll))
                .withMinLease(MIN_LEASE)
                .withRoundTrips(roundTrips(options.variant()));
    }

    /** For a name that is used for the first time; later there are fewer. */
    private static int roundTrips(MysqlOptions.Variant variant) {
        return switch (variant) {
            // look, insert, raise the counter, which is not there, insert it, raise it, confirm
            case INSERT_DELETE -> 6;
            // look, insert, take
            case ROW -> 3;
        };
    }

    @Override
    public StoreInspector inspector(LockConfig config) {
        // makes the tables if the configuration says so, and tells how to make them otherwise
        LockClient.open(config).close();
        return new SqlInspector(new SqlShell(config), MysqlSettings.options(config));
    }

    @Override
    public String server(LockConfig config) {
        try (var shell = new SqlShell(config)) {
            String version = shell.field("SELECT VERSION()").orElseThrow().toString();
            return (version.contains("MariaDB") ? "MariaDB " : "MySQL ") + version.replaceAll("[^0-9.].*", "");
        }
    }

    @Override
    public Optional<WireFormat> wireFormat(LockConfig config) {
        return Optional.of(new SqlWireFormat(new SqlKinds(MysqlSettings.options(config))));
    }
}
