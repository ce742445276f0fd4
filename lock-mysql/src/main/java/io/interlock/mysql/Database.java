// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockBackendException;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way to the server: every call borrows a connection, ends within its time, and gives the connection back as it came.
 * Thread-safe.
 *
 * <p>A pooled connection may have died since its last use. If it breaks before it has answered anything, the call begins
 * once more on another one, so the first statement of every call must be one that may be carried out twice. A connection
 * that has answered is alive, and what is sent over it is never repeated.
 */
final class Database {
    private final ConnectionSource source;
    private final MysqlErrors errors;

    /** For the pauses after deadlocks. Set by start. */
    private volatile RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

    Database(ConnectionSource source, MysqlErrors errors) {
        this.source = source;
        this.errors = errors;
    }

    void start(RandomGenerator jitter) {
        random = jitter;
    }

    /** {@return how many connections we may have at once; empty if that is the application's business} */
    OptionalInt poolSize() {
        return source.size();
    }

    MysqlErrors errors() {
        return errors;
    }

    /** Statements over one connection. */
    interface Work<T extends @Nullable Object> {
        T run(Session session) throws SQLException, InterruptedException;
    }

    /** Runs the work; every failure comes out as a {@link LockBackendException}. */
    <T extends @Nullable Object> T run(StoreCall call, Work<T> work) throws InterruptedException {
        try {
            return once(call, work, false);
        } catch (DeadConnectionException dead) {
            source.foundDead();
            try {
                return once(call, work, true);
            } catch (DeadConnectionException again) {
                throw errors.afterSending(call, again.failure, dead.ambiguous || again.ambiguous);
            }
        }
    }

    void close() {
        source.close();
    }

    private <T extends @Nullable Object> T once(StoreCall call, Work<T> work, boolean secondTry)
            throws InterruptedException, DeadConnectionException {
        ConnectionSource.Lent lent = borrow(call);
        var session = new Session(lent.connection(), call, errors, random, secondTry);
        boolean broken = true;
        try {
            if (call.isOver()) {
                broken = false;
                throw errors.tooLate(call, false);
            }
            T result = work.run(session);
            broken = false;
            return result;
        } catch (SQLException e) {
            boolean unanswered = SqlErrorCode.isUnanswered(e);
            passOnInterrupt(call, unanswered);
            broken = unanswered;
            if (unanswered && !session.isAnswered() && !SqlErrorCode.isTimeout(e) && !call.isOver()) {
                throw new DeadConnectionException(e, session.isAmbiguous(e));
            }
            if (SqlErrorCode.isReadOnly(e)) {
                // after a fail-over the address may lead to another server, but these connections never will
                source.foundDead();
            }
            throw errors.afterSending(call, e, session.isAmbiguous(e));
        } catch (LockBackendException | InterruptedException e) {
            // thrown between statements
            broken = false;
            throw e;
        } finally {
            lent.giveBack(broken);
        }
    }

    private ConnectionSource.Lent borrow(StoreCall call) throws InterruptedException {
        try {
            return source.borrow(call);
        } catch (SQLException e) {
            passOnInterrupt(call, true);
            throw errors.noConnection(call, e);
        }
    }

    /** On a virtual thread an interrupt closes the socket, and looks like a connection that broke. */
    private static void passOnInterrupt(StoreCall call, boolean unanswered) throws InterruptedException {
        if (unanswered && Thread.interrupted()) {
            throw new InterruptedException("interrupted: " + call.what());
        }
    }

    /** The connection had died before. */
    private static final class DeadConnectionException extends Exception {
        private static final long serialVersionUID = 1L;

        private final SQLException failure;
        private final boolean ambiguous;

        DeadConnectionException(SQLException failure, boolean ambiguous) {
            super(failure);
            this.failure = failure;
            this.ambiguous = ambiguous;
        }
    }
}
