// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.Capability;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How locks are kept in the database. Immutable; start from {@link #defaults}.
 *
 * @param variant the protocol; {@link Variant#INSERT_DELETE} unless set. All clients of a table must use the same one:
 *     mutual exclusion would hold, but each counts its fencing tokens in a place of its own.
 * @param schema what becomes of missing tables; {@link Schema#VERIFY} unless set
 * @param table The table of the locks, {@code interlock_lock} unless set; 1 to 58 characters of A-Z a-z 0-9 _, not a
 *     digit first. The fencing tokens of {@code insert-delete} are beside it, in the table of that name and
 *     {@code _fence}.
 * @param namespace Separates the locks of applications that share a table; 1 to 64 characters of A-Z a-z 0-9 . _ -,
 *     {@code default} unless set.
 * @param poll The mean time between two looks of a waiter, 1 ms to 1 min, 50 ms unless set; the first looks come
 *     sooner, and each is drawn from half to one and a half of the mean. Short: faster hand-over. Long: fewer statements
 *     while waiting.
 * @param purge The mean time between two purges of rows that dead holders left, 1 s to 1 d, 1 min unless set; each is
 *     drawn from half to one and a half of it. Every open client purges, so a row stays for at most one and a half of it
 *     beyond its expiry. A fencing token is purged once it is a day behind the server's clock, within sixty purges.
 * @param callTimeout the bound of calls that belong to no acquisition, such as asking for the holder; 10 ms to 60 s, 2 s
 *     unless set
 */
public record MysqlOptions(
        Variant variant,
        Schema schema,
        String table,
        String namespace,
        Duration poll,
        Duration purge,
        Duration callTimeout) {
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern TABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,57}");
    private static final MysqlOptions DEFAULTS = new MysqlOptions(
            Variant.INSERT_DELETE,
            Schema.VERIFY,
            "interlock_lock",
            "default",
            Duration.ofMillis(50),
            Duration.ofMinutes(1),
            Duration.ofSeconds(2));

    /** A protocol. */
    public enum Variant {
        /**
         * A row is a held lock: inserting it acquires, because names are unique, and deleting it releases. An expired
         * row is taken over by one conditional statement. The fencing token comes from a second table, whose rows stay.
         *
         * <p>Guarantee: mutual exclusion and increasing fencing tokens as long as the one server keeps what it has
         * committed and nobody puts its clock forward. Known holes: a fail-over to a replica may forget the newest
         * grants; a clock that is put forward ends leases before their holders know, and one that is put back makes
         * them longer; and a statement that was given up may still be carried out later and then blocks the lock, for
         * one lease at most. Under contention on one lock InnoDB finds deadlocks between inserts and deletes; they are
         * tried again and cost time, not safety. Fine for all uses if the protected resource checks the token.
         */
        INSERT_DELETE("insert-delete"),

        /**
         * A row is a lock, held or free: one conditional update acquires and numbers the grant, another releases.
         *
         * <p>Guarantee and known holes: those of {@link #INSERT_DELETE}, but no deadlocks between contenders, and fewer
         * statements an acquisition. The price: a row for every name that was used within the last day.
         */
        ROW("row");

        private final String text;

        Variant(String text) {
            this.text = text;
        }

        /** {@return the variant's name in configurations} */
        public String text() {
            return text;
        }

        /** {@return what the variant promises} */
        public Set<Capability> capabilities() {
            return Set.copyOf(EnumSet.of(
                    Capability.LEASE,
                    Capability.EXTEND,
                    Capability.FENCING,
                    Capability.FENCING_DURABLE,
                    Capability.INSPECT,
                    Capability.LOSS_SIGNAL,
                    Capability.CLIENT_CLOCK_FREE,
                    Capability.SURVIVES_RESTART,
                    Capability.FORCE_RELEASE));
        }

        static Variant of(String text) {
            return Arrays.stream(values())
                    .filter(variant -> variant.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("variant = " + text + ": must be one of "
                            + Arrays.stream(values()).map(Variant::text).toList()));
        }
    }

    /** What becomes of missing tables. */
    public enum Schema {
        /** They are refused, with the statements that make them. */
        VERIFY,
        /** They are made; the database user needs the right to. */
        CREATE
    }

    /**
     * Checks the bounds.
     *
     * @param variant see above
     * @param schema see above
     * @param table see above
     * @param namespace see above
     * @param poll see above
     * @param purge see above
     * @param callTimeout see above
     * @throws IllegalArgumentException if a value is out of bounds
     */
    public MysqlOptions {
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(schema, "schema");
        requireTable(table);
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "namespace = " + namespace + ": must have 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        Limit.POLL.check(poll);
        Limit.PURGE.check(purge);
        Limit.CALL_TIMEOUT.check(callTimeout);
    }

    /**
     * {@return variant insert-delete, tables verified, table interlock_lock, namespace default, poll about every 50 ms,
     * purge about every minute, calls within 2 s}
     */
    public static MysqlOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another protocol.
     *
     * @param variant the protocol
     * @return a copy
     */
    public MysqlOptions withVariant(Variant variant) {
        return new MysqlOptions(variant, schema, table, namespace, poll, purge, callTimeout);
    }

    /**
     * These options with another treatment of missing tables.
     *
     * @param schema what becomes of them
     * @return a copy
     */
    public MysqlOptions withSchema(Schema schema) {
        return new MysqlOptions(variant, schema, table, namespace, poll, purge, callTimeout);
    }

    /**
     * These options with another table.
     *
     * @param table 1 to 58 characters of A-Z a-z 0-9 _, not a digit first
     * @return a copy
     */
    public MysqlOptions withTable(String table) {
        return new MysqlOptions(variant, schema, table, namespace, poll, purge, callTimeout);
    }

    /**
     * These options with another namespace.
     *
     * @param namespace 1 to 64 characters of A-Z a-z 0-9 . _ -
     * @return a copy
     */
    public MysqlOptions withNamespace(String namespace) {
        return new MysqlOptions(variant, schema, table, namespace, poll, purge, callTimeout);
    }

    /**
     * These options with another time between looks.
     *
     * @param poll from 1 ms to 1 min
     * @return a copy
     */
    public MysqlOptions withPoll(Duration poll) {
        return new MysqlOptions(variant, schema, table, namespace, poll, purge, callTimeout);
    }

    /**
     * These options with another time between purges.
     *
     * @param purge from 1 s to 1 d
     * @return a copy
     */
    public MysqlOptions withPurge(Duration purge) {
        return new MysqlOptions(variant, schema, table, namespace, poll, purge, callTimeout);
    }

    /**
     * These options with another bound of calls.
     *
     * @param callTimeout from 10 ms to 60 s
     * @return a copy
     */
    public MysqlOptions withCallTimeout(Duration callTimeout) {
        return new MysqlOptions(variant, schema, table, namespace, poll, purge, callTimeout);
    }

    static String requireTable(String table) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException(
                    "table = " + table + ": must have 1 to 58 characters of A-Z a-z 0-9 _, not a digit first");
        }
        return table;
    }

    /** The bounds of the times, here and in the provider's settings. */
    enum Limit {
        POLL("poll", Duration.ofMillis(1), Duration.ofMinutes(1)),
        PURGE("purge", Duration.ofSeconds(1), Duration.ofDays(1)),
        CALL_TIMEOUT("callTimeout", Duration.ofMillis(10), Duration.ofSeconds(60));

        final String key;
        final Duration min;
        final Duration max;

        Limit(String key, Duration min, Duration max) {
            this.key = key;
            this.min = min;
            this.max = max;
        }

        private void check(Duration value) {
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException(
                        key + " = " + value + ": must be from " + min.toMillis() + "ms to " + max.toMillis() + "ms");
            }
        }
    }
}
