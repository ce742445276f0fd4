// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * How a table must look. Immutable.
 *
 * @param name of the table
 * @param columns in order; the first one is the primary key
 */
record TableShape(String name, List<Column> columns) {
    private static final DSLContext SQL = DSL.using(SQLDialect.MYSQL);
    private static final Column NAME = new Column("name", "varbinary", LockKey.MAX_BYTES);
    private static final Column TOKEN = new Column("token", "bigint", 0);

    static TableShape locks(String table) {
        return new TableShape(
                table,
                List.of(
                        NAME,
                        new Column("owner", "binary", OwnerBytes.LENGTH),
                        TOKEN,
                        new Column("tokens", "int", 0),
                        new Column("granted_at", "datetime", 6),
                        new Column("expires_at", "datetime", 6),
                        new Column("holder", "varchar", LockRow.MAX_HOLDER)));
    }

    static TableShape fences(String table) {
        return new TableShape(table + Statements.FENCE_SUFFIX, List.of(NAME, TOKEN));
    }

    /** The statement that makes the table; plain text, because people read it and paste it. */
    Query create() {
        String definitions = columns.stream()
                .map(column -> "  `" + column.name + "` " + column.definition() + " NOT NULL,\n")
                .collect(Collectors.joining());
        return SQL.query("CREATE TABLE IF NOT EXISTS `" + name + "` (\n" + definitions + "  PRIMARY KEY (`"
                + columns.get(0).name + "`)\n) ENGINE = InnoDB");
    }

    /** What is said of a table that is not there. */
    List<String> missing() {
        return List.of("table " + name + " is missing");
    }

    Query findEngine() {
        return SQL.select(text("engine")).from(schema("tables")).where(ofTable());
    }

    Query findColumns() {
        return SQL.select(
                        text("column_name"),
                        text("data_type"),
                        DSL.coalesce(text("character_maximum_length"), text("datetime_precision"), DSL.inline(0)))
                .from(schema("columns"))
                .where(ofTable());
    }

    Query findUniqueIndexes() {
        return SQL.select(text("index_name"), text("column_name"), text("sub_part"))
                .from(schema("statistics"))
                .where(ofTable()
                        .and(DSL.field(DSL.name("non_unique"), Integer.class).eq(DSL.inline(0))));
    }

    /** What is wrong with the table that was found. */
    List<String> complaints(String engine, List<Column> present, List<IndexPart> uniqueIndexes) {
        var complaints = new ArrayList<String>();
        if (!engine.equalsIgnoreCase("InnoDB")) {
            complaints.add("table " + name + " has engine " + engine + ": must be InnoDB");
        }
        Map<String, Column> byName = present.stream()
                .collect(Collectors.toMap(column -> column.name.toLowerCase(Locale.ROOT), column -> column));
        for (var wanted : columns) {
            Column found = byName.get(wanted.name);
            if (found == null || !found.data.equalsIgnoreCase(wanted.data) || found.size < wanted.size) {
                complaints.add("column " + name + "." + wanted.name + " is "
                        + (found == null ? "missing" : found.describe()) + ": must be " + wanted.describe());
            }
        }
        complaints.addAll(indexComplaints(uniqueIndexes));
        return complaints;
    }

    /** Of several unique indexes the server does not say reliably which one refused a row; so there must be one. */
    private List<String> indexComplaints(List<IndexPart> uniqueIndexes) {
        String key = columns.get(0).name;
        boolean onlyKey = uniqueIndexes.size() == 1
                && uniqueIndexes.get(0).index.equals("PRIMARY")
                && uniqueIndexes.get(0).column.equalsIgnoreCase(key)
                && !uniqueIndexes.get(0).ofPrefix;
        return onlyKey
                ? List.of()
                : List.of("table " + name + " must have the primary key (" + key
                        + ") and no other unique index, but has " + uniqueIndexes);
    }

    private org.jooq.Condition ofTable() {
        return text("table_schema")
                .eq(DSL.field("database()", String.class))
                .and(text("table_name").eq(name));
    }

    private static Table<?> schema(String table) {
        return DSL.table(DSL.name("information_schema", table));
    }

    private static Field<String> text(String column) {
        return DSL.field(DSL.name(column), String.class);
    }

    /**
     * A column, wanted or found.
     *
     * @param name of the column
     * @param data the server's word for its type
     * @param size characters, bytes or fractional digits; 0 where the type has none
     */
    record Column(String name, String data, long size) {
        static Column read(ResultSet row) throws SQLException {
            return new Column(row.getString(1), row.getString(2), row.getLong(3));
        }

        String describe() {
            return data + (size > 0 ? "(" + size + ")" : "");
        }

        private String definition() {
            String charset = data.equals("varchar") ? " CHARACTER SET ascii COLLATE ascii_bin" : "";
            return describe().toUpperCase(Locale.ROOT) + charset;
        }
    }

    /**
     * A column of a unique index.
     *
     * @param index its name
     * @param column in it
     * @param ofPrefix whether only the beginning of the column is unique
     */
    record IndexPart(String index, String column, boolean ofPrefix) {
        static IndexPart read(ResultSet row) throws SQLException {
            return new IndexPart(row.getString(1), row.getString(2), row.getString(3) != null);
        }

        @Override
        public String toString() {
            return index + "(" + column + (ofPrefix ? " in part" : "") + ")";
        }
    }
}
