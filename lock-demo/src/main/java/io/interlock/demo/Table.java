// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns of text under a head of two lines. Confined to one thread. */
final class Table {
    private static final int HEAD_LINES = 2;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<Column> columns) {
        this.columns = columns;
        rows.add(columns.stream().map(Column::above).toList());
        rows.add(columns.stream().map(Column::title).toList());
    }

    void row(List<String> cells) {
        rows.add(cells);
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>(rows.stream().map(this::line).toList());
        int longest = lines.stream().mapToInt(String::length).max().orElse(0);
        lines.add(HEAD_LINES, "-".repeat(longest));
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private String line(List<String> cells) {
        var line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            String padding = " ".repeat(width(i) - cells.get(i).length());
            line.append(" ".repeat(column.gap()))
                    .append(column.left() ? cells.get(i) + padding : padding + cells.get(i));
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(cells -> cells.get(column).length()).max().orElse(0);
    }

    /**
     * How a column looks.
     *
     * @param above the first line of its head
     * @param title the second line
     * @param left whether its cells stand at its left edge
     * @param gap spaces before it
     */
    record Column(String above, String title, boolean left, int gap) {
        static Column words(String title, int gap) {
            return new Column("", title, true, gap);
        }

        static Column numbers(String above, String title) {
            return new Column(above, title, false, 2);
        }

        /** A column that belongs to the one before it. */
        static Column more(String title) {
            return new Column("", title, false, 1);
        }
    }
}
