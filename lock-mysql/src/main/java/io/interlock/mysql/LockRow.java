// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.HolderInfo;
import io.interlock.spi.HolderRecord;
import io.interlock.spi.OwnerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A row of the lock table as a look finds it; all times by the server's clock. Immutable.
 *
 * @param owner who took it last
 * @param token of the grant; 0 while it is not numbered yet
 * @param grantedAt microseconds since 1970
 * @param expiresAt microseconds since 1970
 * @param now when the server looked, microseconds since 1970
 * @param holder the holder record
 */
record LockRow(OwnerId owner, long token, long grantedAt, long expiresAt, long now, String holder) {
    /** Longer records are cut, lest a server that is not in strict mode cut them in its own way. */
    static final int MAX_HOLDER = 1000;

    /** Reads the columns in the order in which {@link Statements#look} selects them. */
    static LockRow read(ResultSet row) throws SQLException {
        return new LockRow(
                OwnerBytes.read(row.getBytes(1)),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getString(6));
    }

    boolean isLive() {
        return expiresAt > now;
    }

    boolean isOf(OwnerId id) {
        return owner.equals(id);
    }

    /** Whether an operator ended the grant: then its end lies in 1970, and its owner is still there. */
    boolean isForced() {
        return expiresAt == 0 && !owner.equals(OwnerBytes.NOBODY);
    }

    Duration left() {
        return Duration.of(Math.max(0, expiresAt - now), ChronoUnit.MICROS);
    }

    HolderInfo holderInfo() {
        HolderInfo stored = HolderRecord.decode(holder);
        return new HolderInfo(
                stored.host(),
                stored.pid(),
                stored.thread(),
                stored.label(),
                Optional.of(Instant.EPOCH.plus(grantedAt, ChronoUnit.MICROS)),
                token > 0 ? OptionalLong.of(token) : OptionalLong.empty());
    }

    /** The record without a time and a token: those are columns, and the server's. */
    static String encode(HolderInfo holder) {
        String text = HolderRecord.encode(new HolderInfo(
                holder.host(), holder.pid(), holder.thread(), holder.label(), Optional.empty(), OptionalLong.empty()));
        return text.length() <= MAX_HOLDER ? text : text.substring(0, MAX_HOLDER);
    }
}
