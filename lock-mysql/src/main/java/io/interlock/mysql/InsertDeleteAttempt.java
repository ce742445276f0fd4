// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Query;

/**
 * One attempt of {@code insert-delete}: look, take, number, confirm; a transaction each. Confined to one thread.
 *
 * <p>Taking alone is no grant, so nothing is lost if we stall or die after it: the row runs out, or is undone. The token
 * is drawn while the row is ours, and counts only if the row is still ours afterwards; so of two grants, the later one
 * drew later. See docs/adr/0014.
 */
final class InsertDeleteAttempt {
    /** After so many lost races the lock is as good as held. */
    private static final int MAX_LOST_RACES = 3;

    private final LockRows rows;
    private final MysqlOptions options;
    private final Seam seam;
    private final Session session;
    private final LockRequest request;
    private final OwnerId owner;
    private final LockKey key;
    private int lost;

    InsertDeleteAttempt(
            LockRows rows, MysqlOptions options, Seam seam, Session session, LockRequest request, OwnerId owner) {
        this.rows = rows;
        this.options = options;
        this.seam = seam;
        this.session = session;
        this.request = request;
        this.owner = owner;
        key = LockKey.of(options.namespace(), request.name());
    }

    Acquisition run() throws SQLException, InterruptedException {
        while (lost < MAX_LOST_RACES) {
            // looking first spares most of the deadlocks, and proves that the connection is alive
            Optional<LockRow> row = rows.look(session, key);
            if (row.isPresent() && row.get().isLive()) {
                LockRow live = row.get();
                if (!live.isOf(owner)) {
                    return new Acquisition.Held(Optional.of(live.left()), Optional.of(live.holderInfo()));
                }
                session.mayHaveGranted(true);
                if (rows.renew(session, key, owner, request.lease()) != LockRows.Renewal.RENEWED) {
                    lost++;
                    continue;
                }
                if (live.token() > 0) {
                    return new Acquisition.Granted(live.token());
                }
            } else {
                seam.at(Seam.Point.LOOKED);
                if (!take(row)) {
                    continue;
                }
            }
            OptionalLong token = number();
            if (token.isPresent()) {
                return new Acquisition.Granted(token.getAsLong());
            }
            lost++; // whether to another, only a look can tell
        }
        return Acquisition.LOST_RACE;
    }

    /** Inserts our row, or takes over the expired one that we have seen; if not, it is time to look again. */
    private boolean take(Optional<LockRow> expired) throws SQLException, InterruptedException {
        Query statement = expired.isPresent()
                ? rows.statements().takeOver(key, expired.get().owner(), owner, request.lease(), request.holder())
                : rows.statements().insert(key, owner, request.lease(), request.holder());
        session.mayHaveGranted(true);
        boolean taken = false;
        try {
            taken = session.update(statement) == 1;
            lost += taken ? 0 : 1;
            session.mayHaveGranted(taken);
        } catch (SQLException e) {
            // an error that the server reports has taken nothing
            session.mayHaveGranted(SqlErrorCode.isUnanswered(e));
            if (SqlErrorCode.isOurKey(e, options.table())) {
                lost++;
            } else {
                session.pauseOrThrow(e);
            }
        }
        return taken;
    }

    /** Empty if the lease ran out meanwhile, or the row is not ours by now. */
    private OptionalLong number() throws SQLException, InterruptedException {
        seam.at(Seam.Point.TAKEN);
        long token = draw();
        seam.at(Seam.Point.NUMBERED);
        if (session.updatePersistently(rows.statements().confirm(key, owner, token, request.tokens())) == 1) {
            seam.at(Seam.Point.CONFIRMED);
            return OptionalLong.of(token);
        }
        session.updatePersistently(rows.statements().delete(key, owner));
        session.mayHaveGranted(false);
        return OptionalLong.empty();
    }

    /** Raises the counter; makes it first if this name has none. */
    private long draw() throws SQLException, InterruptedException {
        while (true) {
            OptionalLong token = drawOnce();
            if (token.isPresent()) {
                return token.getAsLong();
            }
            try {
                session.updatePersistently(rows.statements().insertFence(key));
            } catch (SQLException e) {
                if (!SqlErrorCode.isOurKey(e, options.table() + Statements.FENCE_SUFFIX)) {
                    throw e;
                }
            }
        }
    }

    private OptionalLong drawOnce() throws SQLException, InterruptedException {
        while (true) {
            try {
                return session.updateNumbering(rows.statements().fence(key, request.tokens()));
            } catch (SQLException e) {
                session.pauseOrThrow(e);
            }
        }
    }
}
