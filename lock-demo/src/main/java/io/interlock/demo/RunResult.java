// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * What a run came to. Not changed after it was made.
 *
 * @param run which one
 * @param reports one for each worker; empty if the run failed
 * @param found what the counter stood at in the end
 * @param failure why the run failed, if it did
 */
record RunResult(Run run, List<WorkerReport> reports, long found, Optional<String> failure) {
    static RunResult of(Run run, List<WorkerReport> reports, long found) {
        long increments = sum(reports);
        return new RunResult(
                run,
                List.copyOf(reports),
                found,
                increments > 0 ? Optional.empty() : Optional.of("no worker ever got the lock"));
    }

    static RunResult failed(Run run, String message) {
        return new RunResult(run, List.of(), 0, Optional.of(message));
    }

    long expected() {
        return sum(reports);
    }

    long lost() {
        return expected() - found;
    }

    /** {@return whether the run went as it must: without a lock updates get lost, with one the count is right} */
    boolean acceptable() {
        return failure.isEmpty() && (run.isControl() ? lost() > 0 : lost() == 0);
    }

    double perSecond() {
        Duration longest = reports.stream()
                .map(WorkerReport::elapsed)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return longest.isZero() ? 0 : expected() * 1e9 / longest.toNanos();
    }

    Histogram handovers() {
        Histogram all = WorkerReport.newHistogram();
        reports.forEach(report -> all.add(report.handovers()));
        return all;
    }

    /** {@return increments of the busiest worker over those of the idlest; empty if that one had none} */
    OptionalDouble fairness() {
        var each = reports.stream().mapToLong(WorkerReport::increments).summaryStatistics();
        return each.getMin() > 0 && each.getCount() > 0
                ? OptionalDouble.of((double) each.getMax() / each.getMin())
                : OptionalDouble.empty();
    }

    private static long sum(List<WorkerReport> reports) {
        return reports.stream().mapToLong(WorkerReport::increments).sum();
    }
}
