// SPDX-License-Identifier: Apache-2.0
package io.interlock.sample;

import io.interlock.Capability;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.HolderRecord;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;

/** One client's access to the table of locks: a row a name, which stays when the lock is free and keeps its last token. */
final class H2Locks implements LockBackend {
    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.LEASE,
            Capability.EXTEND,
            Capability.FENCING,
            Capability.INSPECT,
            Capability.LOSS_SIGNAL,
            Capability.CLIENT_CLOCK_FREE);

    private static final int DUPLICATE_KEY = 23505;
    private static final String TABLE = "CREATE TABLE IF NOT EXISTS locks (namespace VARCHAR(64), name VARCHAR,"
            + " owner VARCHAR(32), token BIGINT NOT NULL, holder VARCHAR, expires TIMESTAMP(6) WITH TIME ZONE,"
            + " PRIMARY KEY (namespace, name))";
    private static final String EXPIRES = "DATEADD(MICROSECOND, ?, CURRENT_TIMESTAMP)";
    private static final String IS_FREE = "(owner IS NULL OR expires <= CURRENT_TIMESTAMP)";
    private static final String IS_OURS = "owner = ? AND expires > CURRENT_TIMESTAMP";
    private static final String ROW = " WHERE namespace = ? AND name = ? AND ";

    private final JdbcConnectionPool pool;
    private final String namespace;
    private volatile BackendContext context;

    H2Locks(String database, String namespace, Duration callTimeout) {
        long millis = callTimeout.toMillis();
        pool = JdbcConnectionPool.create(
                "jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=" + millis + ";QUERY_TIMEOUT=" + millis,
                "",
                "");
        this.namespace = namespace;
    }

    void createTable() {
        update(TABLE);
    }

    @Override
    public void start(BackendContext started) {
        context = started;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        return new H2Contender(this, context, request);
    }

    /** Takes the lock if it is free, in one statement; the token of the grant, or empty if another holds it. */
    OptionalLong acquire(LockRequest request, OwnerId owner) {
        long micros = micros(request.lease());
        String holder = HolderRecord.encode(request.holder());
        String take = "UPDATE locks SET owner = ?, holder = ?, token = token + ?, expires = " + EXPIRES + ROW + IS_FREE;
        int taken = update(take, owner, holder, request.tokens(), micros, namespace, request.name());
        if (taken == 0 && !insert(request, owner, holder, micros)) {
            return OptionalLong.empty();
        }
        // of a block of tokens the first is the grant's
        return query("SELECT token FROM locks" + ROW + IS_OURS, namespace, request.name(), owner)
                .map(row -> OptionalLong.of((Long) row - request.tokens() + 1))
                .orElse(OptionalLong.empty());
    }

    private boolean insert(LockRequest request, OwnerId owner, String holder, long micros) {
        try {
            update(
                    "INSERT INTO locks (namespace, name, owner, holder, token, expires) VALUES (?, ?, ?, ?, ?, "
                            + EXPIRES + ")",
                    namespace,
                    request.name(),
                    owner,
                    holder,
                    request.tokens(),
                    micros);
            return true;
        } catch (LockBackendException e) {
            if (e.getCause() instanceof SQLException sql && sql.getErrorCode() == DUPLICATE_KEY) {
                return false;
            }
            throw e;
        }
    }

    boolean renew(String name, OwnerId owner, Duration lease) {
        String renew = "UPDATE locks SET expires = " + EXPIRES + ROW + IS_OURS;
        return update(renew, micros(lease), namespace, name, owner) == 1;
    }

    ReleaseOutcome release(String name, OwnerId owner) {
        String free = "UPDATE locks SET owner = NULL, holder = NULL, expires = NULL" + ROW + IS_OURS;
        return update(free, namespace, name, owner) == 1 ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
    }

    /**
     * Frees what an attempt with an unknown end may have taken. RELEASED even if there was nothing: the database is in
     * this process, so a statement that has failed is over, and none is still on its way.
     */
    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        release(request.name(), owner);
        return ReleaseOutcome.RELEASED;
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        String held = ROW + "expires > CURRENT_TIMESTAMP";
        return query("SELECT holder || '&token=' || token FROM locks" + held, namespace, name)
                .map(row -> HolderRecord.decode((String) row));
    }

    @Override
    public void close() {
        pool.dispose();
    }

    private static long micros(Duration lease) {
        return lease.toNanos() / 1000;
    }

    private int update(String sql, Object... values) {
        return run(sql, values, PreparedStatement::executeUpdate);
    }

    private Optional<Object> query(String sql, Object... values) {
        return run(sql, values, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(rows.getObject(1)) : Optional.empty();
            }
        });
    }

    private interface Execution<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, Object[] values, Execution<T> execution) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i] instanceof OwnerId owner ? owner.toString() : values[i]);
            }
            return execution.of(statement);
        } catch (SQLException e) {
            throw new LockBackendException("h2: " + e.getMessage(), e, true);
        }
    }
}
