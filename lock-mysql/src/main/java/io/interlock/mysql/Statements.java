// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.HolderInfo;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Every statement on the two tables, built with jOOQ and run elsewhere. Immutable.
 *
 * <p>Plain INSERT, UPDATE, DELETE and SELECT: what MySQL and MariaDB both understand, and what never changes more than it
 * says. Time is the server's UTC clock with microseconds, whatever the session's time zone; a statement that waits for a
 * row keeps the time at which it began, which errs on the side of the holder.
 */
final class Statements {
    /** Beside the lock table: the last fencing token of each name. */
    static final String FENCE_SUFFIX = "_fence";

    /** How far a token lies behind the server's clock when its counter may go: from then on the clock alone is larger. */
    private static final Duration KEEP = Duration.ofDays(1);

    private static final int BATCH = 100;

    private static final DSLContext SQL = DSL.using(SQLDialect.MYSQL);

    private static final Field<byte[]> NAME = DSL.field(DSL.name("name"), SQLDataType.VARBINARY);
    private static final Field<byte[]> OWNER = DSL.field(DSL.name("owner"), SQLDataType.BINARY);
    private static final Field<Long> TOKEN = DSL.field(DSL.name("token"), SQLDataType.BIGINT);
    private static final Field<Integer> TOKENS = DSL.field(DSL.name("tokens"), SQLDataType.INTEGER);
    private static final Field<LocalDateTime> GRANTED_AT =
            DSL.field(DSL.name("granted_at"), SQLDataType.LOCALDATETIME(6));
    private static final Field<LocalDateTime> EXPIRES_AT =
            DSL.field(DSL.name("expires_at"), SQLDataType.LOCALDATETIME(6));
    private static final Field<String> HOLDER = DSL.field(DSL.name("holder"), SQLDataType.VARCHAR);

    private static final Field<LocalDateTime> NOW = time("utc_timestamp(6)");
    private static final Field<LocalDateTime> EPOCH = time("timestamp '1970-01-01 00:00:00'");
    private static final Condition LIVE = EXPIRES_AT.gt(NOW);
    private static final Condition EXPIRED = EXPIRES_AT.le(NOW);

    /** An operator's mark for the former holder, which learns of it at its next renewal, stays for the longest lease. */
    private static final Condition NOT_JUST_FORCED = EXPIRES_AT.gt(EPOCH).or(GRANTED_AT.le(ago(KEEP)));

    private final Table<Record> locks;
    private final Table<Record> fences;

    Statements(String table) {
        locks = DSL.table(DSL.name(table));
        fences = DSL.table(DSL.name(table + FENCE_SUFFIX));
    }

    /** One row: owner, token, granted, expires and now in microseconds since 1970, holder record. */
    Query look(LockKey key) {
        return SQL.select(OWNER, TOKEN, micros(GRANTED_AT), micros(EXPIRES_AT), micros(NOW), HOLDER)
                .from(locks)
                .where(is(key));
    }

    /** A row of our own, not numbered yet; a duplicate key says that there is a row. */
    Query insert(LockKey key, OwnerId owner, Duration lease, HolderInfo holder) {
        return SQL.insertInto(locks)
                .columns(NAME, OWNER, TOKEN, TOKENS, GRANTED_AT, EXPIRES_AT, HOLDER)
                .values(
                        DSL.val(key.bytes(), NAME),
                        DSL.val(OwnerBytes.of(owner), OWNER),
                        DSL.inline(0L),
                        DSL.inline(0),
                        NOW,
                        in(lease),
                        DSL.val(LockRow.encode(holder)));
    }

    /** The expired row of another, who is named lest a third one's be taken. */
    Query takeOver(LockKey key, OwnerId from, OwnerId owner, Duration lease, HolderInfo holder) {
        return SQL.update(locks)
                .set(OWNER, OwnerBytes.of(owner))
                .set(TOKEN, DSL.inline(0L))
                .set(TOKENS, DSL.inline(0))
                .set(GRANTED_AT, NOW)
                .set(EXPIRES_AT, in(lease))
                .set(HOLDER, LockRow.encode(holder))
                .where(is(key, from).and(EXPIRED));
    }

    /** Reserves a block of tokens and leaves the first one as the connection's last insert id. */
    Query fence(LockKey key, int tokens) {
        return SQL.update(fences)
                .set(
                        TOKEN,
                        lastInsertId(DSL.greatest(TOKEN.plus(DSL.inline(1)), micros(NOW)))
                                .plus(tokens - 1))
                .where(is(key));
    }

    /** A counter for {@link #fence} to raise; a duplicate key says that there is one. */
    Query insertFence(LockKey key) {
        return SQL.insertInto(fences).columns(NAME, TOKEN).values(DSL.val(key.bytes(), NAME), DSL.inline(0L));
    }

    /** Makes a grant of our row, unless it is over or another's: no row is changed then. */
    Query confirm(LockKey key, OwnerId owner, long token, int tokens) {
        return SQL.update(locks)
                .set(TOKEN, token)
                .set(TOKENS, tokens)
                .where(is(key, owner).and(LIVE));
    }

    Query renew(LockKey key, OwnerId owner, Duration lease) {
        return SQL.update(locks).set(EXPIRES_AT, in(lease)).where(is(key, owner).and(LIVE));
    }

    /** Ends the grant of a token, and leaves the row with its owner, so that the owner learns why. */
    Query force(LockKey key, long token) {
        return SQL.update(locks)
                .set(EXPIRES_AT, EPOCH)
                .where(is(key).and(TOKEN.eq(token)).and(LIVE));
    }

    Query deleteLive(LockKey key, OwnerId owner) {
        return SQL.deleteFrom(locks).where(is(key, owner).and(LIVE));
    }

    Query delete(LockKey key, OwnerId owner) {
        return SQL.deleteFrom(locks).where(is(key, owner));
    }

    /** The row of a lock that is free; a duplicate key says that there is a row. */
    Query insertFree(LockKey key) {
        return SQL.insertInto(locks)
                .columns(NAME, OWNER, TOKEN, TOKENS, GRANTED_AT, EXPIRES_AT, HOLDER)
                .values(
                        DSL.val(key.bytes(), NAME),
                        DSL.val(OwnerBytes.of(OwnerBytes.NOBODY), OWNER),
                        DSL.inline(0L),
                        DSL.inline(0),
                        NOW,
                        EPOCH,
                        DSL.inline(""));
    }

    /** Takes and numbers a row that is free or expired; leaves the first token as the connection's last insert id. */
    Query takeRow(LockKey key, OwnerId owner, Duration lease, int tokens, HolderInfo holder) {
        // the token before the count: the server assigns from left to right, and the token needs the old count
        return SQL.update(locks)
                .set(TOKEN, lastInsertId(DSL.greatest(TOKEN.plus(TOKENS), micros(NOW))))
                .set(TOKENS, tokens)
                .set(OWNER, OwnerBytes.of(owner))
                .set(GRANTED_AT, NOW)
                .set(EXPIRES_AT, in(lease))
                .set(HOLDER, LockRow.encode(holder))
                .where(is(key).and(EXPIRED));
    }

    Query freeLive(LockKey key, OwnerId owner) {
        return free(is(key, owner).and(LIVE));
    }

    Query free(LockKey key, OwnerId owner) {
        return free(is(key, owner));
    }

    /** Rows of {@code insert-delete} whose holders are gone. */
    Garbage.Kind expired() {
        Condition expired = EXPIRED.and(NOT_JUST_FORCED);
        return garbage(locks, expired);
    }

    /** Counters of {@code insert-delete} that the clock has overtaken. */
    Garbage.Kind oldFences() {
        return garbage(fences, TOKEN.le(micros(ago(KEEP))));
    }

    /** Rows of {@code row} that nobody holds and whose counter the clock has overtaken. */
    Garbage.Kind oldRows() {
        return garbage(
                locks, EXPIRED.and(NOT_JUST_FORCED).and(TOKEN.plus(TOKENS).le(micros(ago(KEEP)))));
    }

    /** Settings as they are for this connection, name and value. */
    static Query variables(List<String> names) {
        String list = names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return SQL.query("show variables where variable_name in (" + list + ")");
    }

    /** Name and value of how many connections the server has. */
    static Query connections() {
        return SQL.query("show global status where variable_name = 'Threads_connected'");
    }

    /** How many microseconds the largest token of {@code insert-delete} is ahead of the server's clock. */
    Query leadOfFences() {
        return lead(fences);
    }

    /** How many microseconds the largest token of {@code row} is ahead of the server's clock. */
    Query leadOfRows() {
        return lead(locks);
    }

    private static Query lead(Table<Record> table) {
        return SQL.select(DSL.coalesce(DSL.max(TOKEN), DSL.inline(0L)).minus(micros(NOW)))
                .from(table);
    }

    private Garbage.Kind garbage(Table<Record> table, Condition mayGo) {
        return new Garbage.Kind(
                SQL.select(NAME).from(table).where(mayGo).limit(DSL.inline(BATCH)),
                key -> SQL.deleteFrom(table).where(is(key).and(mayGo)));
    }

    private Query free(Condition which) {
        return SQL.update(locks)
                .set(OWNER, OwnerBytes.of(OwnerBytes.NOBODY))
                .set(EXPIRES_AT, EPOCH)
                .set(HOLDER, DSL.inline(""))
                .where(which);
    }

    private static Condition is(LockKey key) {
        return NAME.eq(key.bytes());
    }

    private static Condition is(LockKey key, OwnerId owner) {
        return is(key).and(OWNER.eq(OwnerBytes.of(owner)));
    }

    private static Field<LocalDateTime> time(String expression) {
        return DSL.field(expression, SQLDataType.LOCALDATETIME(6));
    }

    private static Field<LocalDateTime> in(Duration lease) {
        return DSL.field(
                "{0} + interval {1} microsecond", SQLDataType.LOCALDATETIME(6), NOW, DSL.val(lease.toNanos() / 1000));
    }

    private static Field<LocalDateTime> ago(Duration time) {
        return DSL.field("{0} - interval {1} second", SQLDataType.LOCALDATETIME(6), NOW, DSL.inline(time.toSeconds()));
    }

    /** Arithmetic of dates without a time zone: does not stand still where a local clock is put back. */
    private static Field<Long> micros(Field<LocalDateTime> time) {
        return DSL.field("timestampdiff(microsecond, {0}, {1})", SQLDataType.BIGINT, EPOCH, time);
    }

    /** Hands a value from within a statement to the client, without another statement. */
    private static Field<Long> lastInsertId(Field<Long> value) {
        return DSL.field("last_insert_id({0})", SQLDataType.BIGINT, value);
    }
}
