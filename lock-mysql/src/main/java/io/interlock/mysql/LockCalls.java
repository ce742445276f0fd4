// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.Optional;

/**
 * One client's calls: each borrows a connection for its statements and no longer. Thread-safe.
 *
 * <p>Every method throws {@link io.interlock.LockBackendException} if the store failed.
 */
final class LockCalls {
    private final Database database;
    private final MysqlOptions options;
    private final LockRows rows;
    private final LockProtocol protocol;

    LockCalls(Database database, MysqlOptions options, Seam seam) {
        this.database = database;
        this.options = options;
        this.rows = new LockRows(new Statements(options.table()));
        this.protocol = switch (options.variant()) {
            case INSERT_DELETE -> new InsertDeleteProtocol(rows, options, seam);
            case ROW -> new RowProtocol(rows, options, seam);
        };
    }

    Acquisition acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        return database.run(
                call("acquire", request.name(), request.callTimeout()),
                session -> protocol.acquire(session, request, owner));
    }

    LockRows.Renewal renew(LockRequest request, OwnerId owner, Duration lease) throws InterruptedException {
        Duration timeout = Durations.atMost(request.callTimeout(), lease.dividedBy(3));
        return database.run(
                call("renew", request.name(), timeout),
                session -> rows.renew(session, key(request.name()), owner, lease));
    }

    ReleaseOutcome release(LockRequest request, OwnerId owner) throws InterruptedException {
        return database.run(
                call("release", request.name(), request.callTimeout()),
                session -> protocol.release(session, key(request.name()), owner));
    }

    /**
     * Nothing found proves nothing: a statement that was given up may still be carried out, so the engine asks again
     * until a lease has passed. What was found and cleared away was all there is, because an attempt takes at most once.
     */
    ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException {
        return database.run(
                call("undo", request.name(), request.callTimeout()),
                session -> protocol.clear(session, key(request.name()), owner)
                        ? ReleaseOutcome.RELEASED
                        : ReleaseOutcome.NOT_HELD);
    }

    Optional<HolderInfo> holder(String name) throws InterruptedException {
        return database.run(
                call("holder", name, options.callTimeout()),
                session -> rows.look(session, key(name)).filter(LockRow::isLive).map(LockRow::holderInfo));
    }

    boolean forceRelease(String name, long fencingToken) throws InterruptedException {
        return database.run(
                call("forceRelease", name, options.callTimeout()),
                session -> rows.force(session, key(name), fencingToken));
    }

    Purge purge() {
        return new Purge(database, protocol.garbage(), options.callTimeout());
    }

    private LockKey key(String name) {
        return LockKey.of(options.namespace(), name);
    }

    private static StoreCall call(String verb, String name, Duration timeout) {
        return StoreCall.begin(verb + " of lock '" + name + "'", timeout);
    }
}
