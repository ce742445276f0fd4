// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.spi.LockBackend;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Backends around a {@link DataSource} that the application already has: pass one to
 * {@link io.interlock.LockClient#of(LockBackend)}.
 *
 * <p>The data source is never closed, and its connections come back as they came. Each call borrows one of them for its
 * statements and no longer; nobody who waits for a lock, or holds one, has any. Connections are fetched on threads of the
 * backend's own, so that a call ends in time however long the data source waits, and so that a lock is never part of a
 * transaction that the caller's thread has open. The data source must lead to one server that takes writes, never to a
 * replica; must not hand out one connection to several threads at a time; and had better not be the pool of a business
 * transaction that waits for a lock while it keeps a connection, for it may be the last one.
 */
public final class MysqlLocks {
    private MysqlLocks() {}

    /**
     * A backend with the default options.
     *
     * @param dataSource stays the application's
     * @return a backend for one {@link io.interlock.LockClient}
     * @throws io.interlock.LockBackendException as {@link #backend(DataSource, MysqlOptions)} tells
     */
    public static LockBackend backend(DataSource dataSource) {
        return backend(dataSource, MysqlOptions.defaults());
    }

    /**
     * A backend. Asks the database for its tables, and makes them if the options say so.
     *
     * @param dataSource stays the application's
     * @param options how locks are kept
     * @return a backend for one {@link io.interlock.LockClient}
     * @throws io.interlock.LockBackendException if the database can't be reached, or if a table is missing or wrong; the
     *     message then has the statements that make them
     */
    public static LockBackend backend(DataSource dataSource, MysqlOptions options) {
        var errors = new MysqlErrors("the application's data source", Optional.empty());
        var database = new Database(new ApplicationSource(dataSource), errors);
        try {
            LockTables.of(options).prepare(database, options);
            return new MysqlBackend(database, options);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }
}
