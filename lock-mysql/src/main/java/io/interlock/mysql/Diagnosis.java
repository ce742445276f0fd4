// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.Finding;
import io.interlock.spi.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jooq.Query;

/** What server and tables tell of themselves. Changes nothing. */
final class Diagnosis {
    private static final List<String> SETTINGS = List.of(
            "version",
            "version_comment",
            "read_only",
            "super_read_only",
            "innodb_flush_log_at_trx_commit",
            "innodb_lock_wait_timeout",
            "wait_timeout",
            "max_connections");
    private static final Set<String> OFF = Set.of("OFF", "0", "NO");
    private static final Duration TOLERABLE_LEAD = Duration.ofSeconds(1);
    private static final Duration SHORT_IDLE = Duration.ofMinutes(1);

    private final Database database;
    private final MysqlOptions options;
    private final LockTables tables;
    private final Statements statements;
    private final List<Finding> findings = new ArrayList<>();

    Diagnosis(Database database, MysqlOptions options) {
        this.database = database;
        this.options = options;
        tables = LockTables.of(options);
        statements = new Statements(options.table());
    }

    /** {@return what was found} */
    List<Finding> run() {
        Map<String, String> settings = pairs("reading the server's settings", Statements.variables(SETTINGS));
        findings.add(Finding.info(settings.getOrDefault("version_comment", "MySQL") + ", version "
                + settings.getOrDefault("version", "unknown")));
        writable(settings);
        shape();
        clock();
        durability(settings);
        waiting(settings);
        connections(settings);
        return List.copyOf(findings);
    }

    private void writable(Map<String, String> settings) {
        List.of("read_only", "super_read_only").forEach(name -> {
            String value = settings.getOrDefault(name, "OFF");
            if (!OFF.contains(value)) {
                findings.add(Finding.error(
                        "the server is read-only (" + name + " = " + value + "): nothing can be locked",
                        "connect to the primary, or make this server one"));
            }
        });
    }

    private void shape() {
        List<String> complaints = tables.complaints(database, options.callTimeout());
        for (String complaint : complaints) {
            findings.add(Finding.error(
                    complaint,
                    "stop the clients, mend or drop the table, and open with schema=create or run:\n" + tables.ddl()));
        }
        if (complaints.isEmpty()) {
            findings.add(Finding.info("the tables are as they must be: engine InnoDB, names unique byte by byte"));
        }
    }

    private void clock() {
        Query lead = options.variant() == MysqlOptions.Variant.INSERT_DELETE
                ? statements.leadOfFences()
                : statements.leadOfRows();
        StoreCall call = StoreCall.begin("comparing clock and tokens", options.callTimeout());
        long micros = Unanswered.orThrow(
                call.what(),
                () -> database.run(
                        call,
                        session -> session.row(lead, row -> row.getLong(1)).orElse(0L)));
        if (micros > TOLERABLE_LEAD.toNanos() / 1000) {
            findings.add(Finding.warning(
                    "the server's clock is " + micros / 1_000_000
                            + " s behind the newest fencing token: it was put back, or another server gave the token",
                    "let the server follow a time service; tokens go on increasing, but leases that were granted before"
                            + " last longer by that much"));
        } else {
            findings.add(Finding.info("the server's clock is not behind the newest fencing token"));
        }
    }

    private void durability(Map<String, String> settings) {
        String flush = settings.getOrDefault("innodb_flush_log_at_trx_commit", "1");
        if (!flush.equals("1")) {
            findings.add(
                    Finding.warning(
                            "a crash of the server's machine forgets the grants of the last second"
                                    + " (innodb_flush_log_at_trx_commit = " + flush
                                    + "), and others are granted what is held",
                            "set innodb_flush_log_at_trx_commit = 1; a pair of acquire and release then costs some disk writes"));
        }
    }

    /** Of a data source of the application; in our own pool a statement waits for a second at most. */
    private void waiting(Map<String, String> settings) {
        Duration limit = Durations.atLeast(options.callTimeout(), Duration.ofSeconds(1));
        long waits = number(settings, "innodb_lock_wait_timeout", 0);
        if (waits > limit.toSeconds()) {
            findings.add(Finding.warning(
                    "a statement may wait on the server for " + waits
                            + " s behind somebody else's transaction, when its"
                            + " call was given up after "
                            + options.callTimeout().toMillis() + " ms; what it takes then"
                            + " stands in the way until it is undone",
                    "set innodb_lock_wait_timeout = 1 for the connections of this data source"));
        }
        long idle = number(settings, "wait_timeout", Integer.MAX_VALUE);
        if (idle < SHORT_IDLE.toSeconds()) {
            findings.add(Finding.warning(
                    "the server ends connections that are idle for " + idle + " s (wait_timeout)",
                    "raise it above a minute; each dead connection costs a call another try"));
        }
    }

    private void connections(Map<String, String> settings) {
        long most = number(settings, "max_connections", Integer.MAX_VALUE);
        long open = number(pairs("counting connections", Statements.connections()), "Threads_connected", 0);
        database.poolSize().ifPresent(size -> {
            if (open + size > most) {
                findings.add(Finding.warning(
                        "the server has " + open + " of at most " + most + " connections, and a pool may want " + size
                                + " for each client",
                        "raise max_connections, or lower poolSize"));
            }
        });
        findings.add(Finding.info("the server has " + open + " of at most " + most + " connections"));
    }

    private Map<String, String> pairs(String what, Query query) {
        StoreCall call = StoreCall.begin(what, options.callTimeout());
        var found = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        Unanswered.orThrow(
                call.what(),
                () -> database.run(
                        call,
                        session -> session.rows(
                                query, row -> found.put(row.getString(1), String.valueOf(row.getString(2))))));
        return found;
    }

    private static long number(Map<String, String> settings, String name, long otherwise) {
        String text = settings.get(name);
        return text == null ? otherwise : Long.parseLong(text);
    }
}
