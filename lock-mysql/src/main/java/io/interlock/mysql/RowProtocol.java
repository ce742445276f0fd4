// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The variant {@code row}: a row is a lock, held or free, and counts its own tokens. Thread-safe.
 *
 * <p>Taking and numbering is one statement on one row, so tokens follow the order of the grants by themselves.
 */
final class RowProtocol implements LockProtocol {
    private static final int MAX_LOST_RACES = 3;

    private final LockRows rows;
    private final MysqlOptions options;
    private final Seam seam;

    RowProtocol(LockRows rows, MysqlOptions options, Seam seam) {
        this.rows = rows;
        this.options = options;
        this.seam = seam;
    }

    @Override
    public Acquisition acquire(Session session, LockRequest request, OwnerId owner)
            throws SQLException, InterruptedException {
        LockKey key = LockKey.of(options.namespace(), request.name());
        for (int lost = 0; lost < MAX_LOST_RACES; lost++) {
            Optional<LockRow> row = rows.look(session, key);
            if (row.isPresent() && row.get().isLive()) {
                LockRow live = row.get();
                if (!live.isOf(owner)) {
                    return new Acquisition.Held(Optional.of(live.left()), Optional.of(live.holderInfo()));
                }
                session.mayHaveGranted(true);
                if (rows.renew(session, key, owner, request.lease()) == LockRows.Renewal.RENEWED) {
                    return new Acquisition.Granted(live.token());
                }
                continue;
            }
            seam.at(Seam.Point.LOOKED);
            if (row.isEmpty()) {
                insertFree(session, key);
            }
            OptionalLong token = take(session, key, request, owner);
            if (token.isPresent()) {
                seam.at(Seam.Point.CONFIRMED);
                return new Acquisition.Granted(token.getAsLong());
            }
        }
        return Acquisition.LOST_RACE;
    }

    @Override
    public ReleaseOutcome release(Session session, LockKey key, OwnerId owner)
            throws SQLException, InterruptedException {
        if (session.updatePersistently(rows.statements().freeLive(key, owner)) == 1) {
            return ReleaseOutcome.RELEASED;
        }
        clear(session, key, owner);
        return session.isSecondTry() ? ReleaseOutcome.UNKNOWN : ReleaseOutcome.NOT_HELD;
    }

    @Override
    public boolean clear(Session session, LockKey key, OwnerId owner) throws SQLException, InterruptedException {
        return session.updatePersistently(rows.statements().free(key, owner)) == 1;
    }

    @Override
    public Garbage garbage() {
        return new Garbage(List.of(), List.of(rows.statements().oldRows()));
    }

    private void insertFree(Session session, LockKey key) throws SQLException, InterruptedException {
        try {
            session.updatePersistently(rows.statements().insertFree(key));
        } catch (SQLException e) {
            if (!SqlErrorCode.isOurKey(e, options.table())) {
                throw e;
            }
        }
    }

    private OptionalLong take(Session session, LockKey key, LockRequest request, OwnerId owner)
            throws SQLException, InterruptedException {
        while (true) {
            session.mayHaveGranted(true);
            try {
                OptionalLong token = session.updateNumbering(
                        rows.statements().takeRow(key, owner, request.lease(), request.tokens(), request.holder()));
                session.mayHaveGranted(token.isPresent());
                return token;
            } catch (SQLException e) {
                // an error that the server reports has taken nothing
                session.mayHaveGranted(SqlErrorCode.isUnanswered(e));
                session.pauseOrThrow(e);
            }
        }
    }
}
