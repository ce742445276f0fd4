// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.sql.SQLException;
import java.util.List;

/** The variant {@code insert-delete}: a row is a held lock. Thread-safe. */
final class InsertDeleteProtocol implements LockProtocol {
    private final LockRows rows;
    private final MysqlOptions options;
    private final Seam seam;

    InsertDeleteProtocol(LockRows rows, MysqlOptions options, Seam seam) {
        this.rows = rows;
        this.options = options;
        this.seam = seam;
    }

    @Override
    public Acquisition acquire(Session session, LockRequest request, OwnerId owner)
            throws SQLException, InterruptedException {
        return new InsertDeleteAttempt(rows, options, seam, session, request, owner).run();
    }

    @Override
    public ReleaseOutcome release(Session session, LockKey key, OwnerId owner)
            throws SQLException, InterruptedException {
        if (session.updatePersistently(rows.statements().deleteLive(key, owner)) == 1) {
            return ReleaseOutcome.RELEASED;
        }
        clear(session, key, owner);
        return session.isSecondTry() ? ReleaseOutcome.UNKNOWN : ReleaseOutcome.NOT_HELD;
    }

    @Override
    public boolean clear(Session session, LockKey key, OwnerId owner) throws SQLException, InterruptedException {
        return session.updatePersistently(rows.statements().delete(key, owner)) == 1;
    }

    @Override
    public Garbage garbage() {
        return new Garbage(
                List.of(rows.statements().expired()), List.of(rows.statements().oldFences()));
    }
}
