// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.demo.Table.Column;
import io.interlock.tck.cli.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/** The outcome of a comparison, as text for people. */
final class Report {
    private static final double HIGH = 99;
    private static final double MIDDLE = 50;

    private static final List<Column> COLUMNS = List.of(
            Column.words("run", 0),
            Column.numbers("increments", "expected"),
            Column.more("found"),
            Column.more("lost"),
            Column.numbers("grants", "per s"),
            Column.numbers("handover ms", "p50/p99/max"),
            Column.numbers("fair-", "ness"),
            Column.words("verdict", 2));

    private Report() {}

    static String of(List<RunResult> results, List<String> skipped, Load load) {
        var table = new Table(COLUMNS);
        results.forEach(result -> table.row(cells(result)));
        var text = new StringBuilder(table.toString());
        text.append(System.lineSeparator());
        notes(results, skipped, load).forEach(note -> text.append(note).append(System.lineSeparator()));
        return text.toString();
    }

    private static List<String> cells(RunResult result) {
        String title = result.run().title();
        if (result.failure().isPresent()) {
            return List.of(title, "-", "-", "-", "-", "-", "-", "FAILED");
        }
        return List.of(
                title,
                Long.toString(result.expected()),
                Long.toString(result.found()),
                Long.toString(result.lost()),
                String.format(Locale.ROOT, "%.0f", result.perSecond()),
                result.run().isControl() ? "-" : handover(result.handovers()),
                fairness(result.fairness()),
                verdict(result));
    }

    private static String fairness(OptionalDouble ratio) {
        return ratio.isEmpty()
                ? "inf"
                : String.format(Locale.ROOT, ratio.getAsDouble() < 10 ? "%.2f" : "%.0f", ratio.getAsDouble());
    }

    private static String verdict(RunResult result) {
        if (result.run().isControl()) {
            return result.acceptable() ? "loses" : "unproven";
        }
        return result.lost() == 0 ? "correct" : "WRONG";
    }

    private static String handover(Histogram micros) {
        return micros.getTotalCount() == 0
                ? "-"
                : millis(micros.getValueAtPercentile(MIDDLE))
                        + "/" + millis(micros.getValueAtPercentile(HIGH))
                        + "/" + millis(micros.getMaxValue());
    }

    /** Two digits are as much as such a measurement is good for, and keep the table within 80 columns. */
    static String millis(long micros) {
        double millis = micros / 1000.0;
        return String.format(Locale.ROOT, millis < 0.995 ? "%.2f" : millis < 9.95 ? "%.1f" : "%.0f", millis);
    }

    private static boolean ran(String variant, List<RunResult> results) {
        return results.stream()
                .filter(result -> result.failure().isEmpty())
                .anyMatch(result -> (result.run().title() + " ").contains(variant + " "));
    }

    private static List<String> notes(List<RunResult> results, List<String> skipped, Load load) {
        var notes = new ArrayList<String>();
        for (RunResult result : results) {
            result.failure().ifPresent(why -> notes.add("FAILED " + result.run().title() + ": " + Secrets.masked(why)));
            if (result.run().isControl() && result.failure().isEmpty() && !result.acceptable()) {
                notes.add("Without a lock nothing was lost either, so this comparison proves nothing:");
                notes.add("use more --workers, --threads or --seconds.");
            }
        }
        skipped.forEach(skip -> notes.add("skipped " + skip));
        notes.add(load.workers() + " processes x " + load.threads() + " threads count in one file, "
                + load.time().toSeconds() + " s a run.");
        notes.add("handover: from before a release until another thread has the lock");
        if (ran(" set-nx-px", results) && ran(" lua", results)) {
            notes.add("set-nx-px may grant more: a client serves its own threads while others sleep; lua wakes them");
        }
        notes.add("fairness: increments of the busiest process / of the idlest (inf: it got none)");
        return notes;
    }
}
