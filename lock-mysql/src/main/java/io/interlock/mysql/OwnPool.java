// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool of a client that we opened. Thread-safe.
 *
 * <p>Uses Hikari's pool itself and not its data source, because only the pool takes the time to wait from the call: with
 * the data source's fixed time, a call of a short lease would hang for that while the server is away.
 */
final class OwnPool implements ConnectionSource {
    private static final Logger LOG = LoggerFactory.getLogger(OwnPool.class);

    /** The shortest times that Hikari takes. */
    private static final long MIN_MILLIS = 250;

    /**
     * No statement of ours keeps a row for long. Who waits a second for one waits for somebody else's transaction, and
     * must not still be waiting on the server when its client has given up.
     */
    private static final String INIT = "SET SESSION innodb_lock_wait_timeout = 1";

    private final HikariPool pool;
    private final int size;

    private OwnPool(HikariPool pool, int size) {
        this.pool = pool;
        this.size = size;
    }

    /** Connects in the background, when the first call asks for a connection. */
    static OwnPool open(MysqlDriver driver, String url, Properties properties, int size, Duration callTimeout) {
        var config = new HikariConfig();
        config.setPoolName("interlock-mysql");
        config.setDriverClassName(driver.className());
        config.setJdbcUrl(url);
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(Math.max(MIN_MILLIS, callTimeout.toMillis()));
        config.setValidationTimeout(Math.max(MIN_MILLIS, callTimeout.toMillis() / 4));
        // the driver's own check takes whole seconds; Connector/J knows this comment and sends a ping
        config.setConnectionTestQuery("/* ping */ SELECT 1");
        config.setConnectionInitSql(INIT);
        config.setRegisterMbeans(false);
        config.validate();
        return new OwnPool(new HikariPool(config), size);
    }

    @Override
    public Lent borrow(StoreCall call) throws SQLException {
        return new Pooled(pool, pool.getConnection(call.leftMillis()));
    }

    @Override
    public OptionalInt size() {
        return OptionalInt.of(size);
    }

    @Override
    public void foundDead() {
        pool.softEvictConnections();
    }

    @Override
    public void close() {
        try {
            pool.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Pooled(HikariPool pool, Connection connection) implements Lent {
        @Override
        public void giveBack(boolean broken) {
            try {
                if (broken && !connection.isClosed()) {
                    // closes it, too; the pool's own closing would first set it back, and fail
                    pool.evictConnection(connection);
                    return;
                }
                connection.close();
            } catch (SQLException e) {
                LOG.debug("could not give back a connection: {}", e.getClass().getSimpleName());
            }
        }
    }
}
