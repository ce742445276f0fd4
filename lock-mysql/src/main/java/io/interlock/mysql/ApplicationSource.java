// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's data source: borrowed from and given back to, never closed. Thread-safe.
 *
 * <p>Connections are fetched on threads of our own. So a caller waits no longer than its call may take, however long the
 * data source waits; and a data source that hands a thread the connection of its transaction finds none on ours, so that
 * a lock is never part of the caller's transaction.
 */
final class ApplicationSource implements ConnectionSource {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationSource.class);
    private static final int THREADS = 8;

    private final DataSource dataSource;
    private final ThreadPoolExecutor threads;

    ApplicationSource(DataSource dataSource) {
        this.dataSource = dataSource;
        var count = new AtomicInteger();
        threads = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var thread = new Thread(task, "interlock-mysql-connection-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public Lent borrow(StoreCall call) throws SQLException, InterruptedException {
        var arrival = new CompletableFuture<Lent>();
        Future<?> fetching = fetch(call, arrival);
        try {
            return arrival.get(call.leftMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SQLException failure ? failure : new SQLException(e.getCause());
        } catch (TimeoutException e) {
            abandon(arrival, fetching);
            throw new SQLTransientConnectionException("the application's data source gave none in time", e);
        } catch (InterruptedException e) {
            abandon(arrival, fetching);
            throw e;
        }
    }

    @Override
    public OptionalInt size() {
        return OptionalInt.empty();
    }

    @Override
    public void foundDead() {
        // the pool is the application's, and so is the testing of its connections
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private Future<?> fetch(StoreCall call, CompletableFuture<Lent> arrival) throws SQLException {
        try {
            return threads.submit(() -> {
                try {
                    hand(arrival, Borrowed.prepare(dataSource.getConnection(), call));
                } catch (Throwable e) {
                    arrival.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException closed) {
            throw new SQLException("the client is closed", closed);
        }
    }

    private static void hand(CompletableFuture<Lent> arrival, Lent lent) {
        if (!arrival.complete(lent)) {
            lent.giveBack(false);
        }
    }

    /** Who fetches is woken; what has arrived in the last moment goes back. */
    private static void abandon(CompletableFuture<Lent> arrival, Future<?> fetching) {
        if (!arrival.completeExceptionally(new TimeoutException()) && !arrival.isCompletedExceptionally()) {
            arrival.join().giveBack(false);
        }
        fetching.cancel(true);
    }

    /** A connection and the settings with which it came. */
    private record Borrowed(Connection connection, boolean autoCommit, int networkTimeout) implements Lent {
        static Borrowed prepare(Connection connection, StoreCall call) throws SQLException {
            try {
                var borrowed = new Borrowed(connection, connection.getAutoCommit(), connection.getNetworkTimeout());
                connection.setNetworkTimeout(Runnable::run, call.leftMillis());
                if (!borrowed.autoCommit) {
                    connection.setAutoCommit(true);
                }
                return borrowed;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public void giveBack(boolean broken) {
            try (connection) {
                if (broken) {
                    return;
                }
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
            } catch (SQLException e) {
                LOG.debug(
                        "could not give back a connection as it came: {}",
                        e.getClass().getSimpleName());
            }
        }
    }
}
