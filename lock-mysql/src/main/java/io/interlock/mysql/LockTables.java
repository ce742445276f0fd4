// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.spi.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.Query;

/**
 * The tables of a variant: makes them, and checks that they are as they must be. Immutable.
 *
 * <p>What is checked decides about exclusion: names must be unique, compare by bytes, and fit; rows must be locked one by
 * one; times must have microseconds and no time zone.
 *
 * @param tables the lock table, and for {@code insert-delete} the counters
 */
record LockTables(List<TableShape> tables) {
    /** Making a table takes longer than a statement on one. */
    private static final Duration CREATE = Duration.ofSeconds(10);

    static LockTables of(MysqlOptions options) {
        var locks = TableShape.locks(options.table());
        return new LockTables(
                options.variant() == MysqlOptions.Variant.INSERT_DELETE
                        ? List.of(locks, TableShape.fences(options.table()))
                        : List.of(locks));
    }

    /** {@return the statements that make the tables} */
    String ddl() {
        return tables.stream().map(table -> table.create().getSQL() + ";").collect(Collectors.joining("\n"));
    }

    /** Makes what is missing, if that is wanted, and refuses what is still missing or wrong. */
    void prepare(Database database, MysqlOptions options) {
        // before the first call begins: jOOQ loads for a while when it builds its first statement
        String ddl = ddl();
        var complaints = new ArrayList<String>();
        for (var table : tables) {
            complaints.addAll(prepare(database, table, options));
        }
        if (!complaints.isEmpty()) {
            String words = String.join("; ", complaints) + ". Open with schema=create, or run:\n" + ddl;
            throw database.errors().failure(checking(options.callTimeout()), words, null, false);
        }
    }

    /** {@return what is wrong with the tables as they are now} */
    List<String> complaints(Database database, Duration callTimeout) {
        return tables.stream()
                .flatMap(table -> complaints(database, table, callTimeout).stream())
                .toList();
    }

    private static List<String> prepare(Database database, TableShape table, MysqlOptions options) {
        List<String> complaints = complaints(database, table, options.callTimeout());
        boolean missing = complaints.equals(table.missing());
        if (!missing || options.schema() == MysqlOptions.Schema.VERIFY) {
            return complaints;
        }
        var create = StoreCall.begin("making table " + table.name(), Durations.atLeast(CREATE, options.callTimeout()));
        Unanswered.orThrow(create.what(), () -> database.run(create, session -> session.update(table.create())));
        return complaints(database, table, options.callTimeout());
    }

    private static List<String> complaints(Database database, TableShape table, Duration callTimeout) {
        Query findEngine = table.findEngine();
        Query findColumns = table.findColumns();
        Query findUniqueIndexes = table.findUniqueIndexes();
        StoreCall call = checking(callTimeout);
        return Unanswered.orThrow(
                call.what(),
                () -> database.run(call, session -> {
                    List<String> engines = session.rows(findEngine, row -> String.valueOf(row.getString(1)));
                    return engines.isEmpty()
                            ? table.missing()
                            : table.complaints(
                                    engines.get(0),
                                    session.rows(findColumns, TableShape.Column::read),
                                    session.rows(findUniqueIndexes, TableShape.IndexPart::read));
                }));
    }

    private static StoreCall checking(Duration callTimeout) {
        return StoreCall.begin("checking the tables", callTimeout);
    }
}
