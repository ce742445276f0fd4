// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import io.interlock.tck.run.BackendReport;
import io.interlock.tck.run.Measurement;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.RunSettings;
import io.interlock.tck.run.Verdict;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a run found, in a few lines.
 *
 * @param out where to
 * @param verbose whether with stack traces
 */
record Summary(PrintWriter out, boolean verbose) {
    /** {@return whether every verdict is a good one} */
    boolean print(List<BackendReport> reports, RunSettings settings) {
        boolean good = true;
        for (BackendReport report : reports) {
            good &= print(report);
        }
        out.println();
        out.println("report: " + settings.reportDir().resolve("report.html"));
        out.flush();
        return good;
    }

    private boolean print(BackendReport report) {
        out.println();
        out.println(report.backend() + (report.servers().isEmpty() ? "" : " (" + report.servers() + ")") + ", "
                + report.time().toSeconds() + " s");
        out.println("  " + counts(report));
        out.println("  labels: " + (report.labels().isEmpty() ? "none" : String.join(", ", report.labels())));
        report.measurements().forEach(measured -> out.println("  " + line(measured)));
        List<RuleResult> errors =
                report.results().stream().filter(r -> r.verdict().isError()).toList();
        for (RuleResult error : errors) {
            out.println("  " + error.verdict() + " " + error.rule() + " " + error.reason());
            if (verbose) {
                out.println(error.detail());
            }
        }
        return errors.isEmpty();
    }

    private static String counts(BackendReport report) {
        return Arrays.stream(Verdict.values())
                .map(verdict -> count(report, verdict) + " " + verdict)
                .filter(text -> !text.startsWith("0 "))
                .collect(Collectors.joining(", "));
    }

    private static long count(BackendReport report, Verdict verdict) {
        return report.results().stream().filter(r -> r.verdict() == verdict).count();
    }

    private static String line(Measurement measured) {
        String bound = measured.bound() == 0 ? "" : ", bound " + millis(measured.bound()) + " ms";
        return measured.name() + ": p50 " + millis(measured.p50()) + " ms, p99 " + millis(measured.p99()) + " ms, max "
                + millis(measured.max()) + " ms of " + measured.count() + bound;
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.2f" : "%.0f", nanos / 1e6);
    }
}
