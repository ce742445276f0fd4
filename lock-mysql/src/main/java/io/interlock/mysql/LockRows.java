// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.spi.OwnerId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * What both variants do alike with the rows of held locks. Immutable.
 *
 * @param statements on the tables
 */
record LockRows(Statements statements) {
    /** The server's answer to a renewal. */
    enum Renewal {
        RENEWED,
        GONE,
        TAKEN,
        FORCED
    }

    Optional<LockRow> look(Session session, LockKey key) throws SQLException {
        return session.row(statements.look(key), LockRow::read);
    }

    /** Sets the expiry anew if the row is still this owner's and live; never makes it again. */
    Renewal renew(Session session, LockKey key, OwnerId owner, Duration lease)
            throws SQLException, InterruptedException {
        while (true) {
            if (session.updatePersistently(statements.renew(key, owner, lease)) == 1) {
                return Renewal.RENEWED;
            }
            Optional<LockRow> row = look(session, key);
            if (row.isEmpty() || row.get().isOf(OwnerBytes.NOBODY)) {
                return Renewal.GONE;
            }
            if (!row.get().isOf(owner)) {
                return Renewal.TAKEN;
            }
            if (!row.get().isLive()) {
                return row.get().isForced() ? Renewal.FORCED : Renewal.GONE;
            }
            // a driver that counts changed rows, and an expiry that came out the same to the microsecond
        }
    }

    /** Ends the grant of a token. */
    boolean force(Session session, LockKey key, long token) throws SQLException, InterruptedException {
        if (token > 0 && session.updatePersistently(statements.force(key, token)) == 1) {
            return true;
        }
        Optional<LockRow> row = session.isSecondTry() ? look(session, key) : Optional.empty();
        return row.isPresent() && row.get().isForced() && row.get().token() == token;
    }
}
