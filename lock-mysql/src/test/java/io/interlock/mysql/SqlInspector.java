// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.tck.StoreInspector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Looks at the rows and connections of one MySQL or MariaDB server. Thread-safe. */
final class SqlInspector implements StoreInspector {
    private static final byte[] NOBODY = new byte[16];
    private static final byte[] STRANGER = "a stranger's id!".getBytes(StandardCharsets.US_ASCII);
    private static final String LIVE = " AND expires_at > UTC_TIMESTAMP(6)";
    private static final String IN = "UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND";

    private final SqlShell shell;
    private final MysqlOptions options;
    private final String locks;
    private final String fences;

    /** The tables must be there. */
    SqlInspector(SqlShell shell, MysqlOptions options) {
        this.shell = shell;
        this.options = options;
        this.locks = "`" + options.table() + "`";
        this.fences = "`" + options.table() + Statements.FENCE_SUFFIX + "`";
    }

    /** A row that is somebody's. */
    @Override
    public int entries(String name) {
        return held(key(name));
    }

    private int held(byte[] key) {
        return (int) shell.number("SELECT COUNT(*) FROM " + locks + " WHERE name = ? AND owner <> ?", key, NOBODY);
    }

    /** The row that has the last token: the lock's own one in {@code row}. */
    @Override
    public int counters(String name) {
        String table = keepsRows() ? locks : fences;
        return (int) shell.number("SELECT COUNT(*) FROM " + table + " WHERE name = ?", key(name));
    }

    /** Waiters look from time to time, and leave nothing between two looks. */
    @Override
    public OptionalInt waiters(String name) {
        return OptionalInt.empty();
    }

    @Override
    public Optional<Duration> timeToLive(String name) {
        return shell.field(
                        "SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), expires_at) FROM " + locks
                                + " WHERE name = ?" + LIVE,
                        key(name))
                .map(micros -> Duration.of(((Number) micros).longValue(), ChronoUnit.MICROS));
    }

    @Override
    public Map<String, String> frozenKeys() {
        return Map.of(
                "orders/42", "default:orders/42",
                "größe {7}", "default:größe {7}",
                "a:b", "default:a:b");
    }

    @Override
    public boolean hasKey(String key) {
        return held(bytes(key)) == 1;
    }

    @Override
    public long commandCount() {
        long all = shell.number("SHOW GLOBAL STATUS LIKE 'Questions'");
        return all - shell.statements();
    }

    @Override
    public int connections() {
        return (int) shell.number("SELECT COUNT(*) FROM information_schema.processlist"
                + " WHERE id <> CONNECTION_ID() AND user = SUBSTRING_INDEX(CURRENT_USER(), '@', 1)");
    }

    @Override
    public int subscriptions() {
        return 0;
    }

    @Override
    public boolean steal(String name, Duration lease) {
        String token = "token + 1";
        if (!keepsRows()) {
            shell.update("UPDATE " + fences + " SET token = token + 1 WHERE name = ?", key(name));
            token = "(SELECT token FROM " + fences + " WHERE name = " + locks + ".name)";
        }
        long micros = lease.toNanos() / 1000;
        return shell.update(
                        "UPDATE " + locks + " SET token = " + token + ", owner = ?, holder = 'host=elsewhere'"
                                + ", expires_at = " + IN + " WHERE name = ?" + LIVE,
                        STRANGER,
                        micros,
                        key(name))
                == 1;
    }

    @Override
    public boolean delete(String name) {
        return shell.update("DELETE FROM " + locks + " WHERE name = ?" + LIVE, key(name)) == 1;
    }

    @Override
    public boolean expire(String name) {
        return shell.update("UPDATE " + locks + " SET expires_at = UTC_TIMESTAMP(6) WHERE name = ?" + LIVE, key(name))
                == 1;
    }

    @Override
    public void killSubscriptions() {
        // there are none
    }

    /** A table beside ours, and a row in ours that another namespace's clients, of another version, have put there. */
    @Override
    public Foreign foreign() {
        String id = UUID.randomUUID().toString();
        String table = "`foreign_" + id.replace('-', '_') + "`";
        shell.update("CREATE TABLE " + table + " (id INT PRIMARY KEY)");
        shell.update("INSERT INTO " + table + " VALUES (7)");
        byte[] key = bytes("elsewhere:" + id);
        shell.update(
                "INSERT INTO " + locks + " (name, owner, token, tokens, granted_at, expires_at, holder)"
                        + " VALUES (?, ?, 7, 1, UTC_TIMESTAMP(6), " + IN + ", 'untouched')",
                key,
                STRANGER,
                Duration.ofDays(1).toNanos() / 1000);
        List<List<Object>> before = row(key);
        return new Foreign() {
            @Override
            public boolean isUntouched() {
                return row(key).equals(before)
                        && shell.rows("SELECT * FROM " + table).equals(List.of(List.of(7)));
            }

            @Override
            public void close() {
                shell.update("DROP TABLE " + table);
                shell.update("DELETE FROM " + locks + " WHERE name = ?", key);
            }
        };
    }

    private List<List<Object>> row(byte[] key) {
        return shell.rows("SELECT * FROM " + locks + " WHERE name = ?", key);
    }

    private boolean keepsRows() {
        return options.variant() == MysqlOptions.Variant.ROW;
    }

    private byte[] key(String name) {
        return bytes(options.namespace() + ":" + name);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        shell.close();
    }
}
