// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import io.interlock.Capability;
import io.interlock.tck.RuleId;
import io.interlock.tck.run.BackendReport;
import io.interlock.tck.run.Measurement;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One backend, as JSON has it: the file {@code backends/ID.json}, and an element of {@code report.json}.
 *
 * @param format of the file
 * @param backend its id
 * @param runBy what ran the kit: the name of a test class, or that of a command
 * @param servers the servers and versions that the verdicts come from
 * @param kit version of the kit
 * @param java version of the JVM
 * @param seed with which the run can be repeated; a string, since JavaScript has no exact numbers of 64 bits
 * @param scale by which upper bounds were multiplied
 * @param repeat how often each rule was tested
 * @param startedUtc when the run began, as in ISO 8601
 * @param timeNanos that the run took
 * @param capabilities that the backend declares, by name
 * @param labels that it has earned, the least first
 * @param counts how many rules got a verdict, all verdicts by name
 * @param results in order of the rules
 * @param measurements in order of their names
 */
record PartJson(
        int format,
        String backend,
        String runBy,
        String servers,
        String kit,
        String java,
        String seed,
        double scale,
        int repeat,
        String startedUtc,
        long timeNanos,
        List<Capability> capabilities,
        List<String> labels,
        Map<Verdict, Long> counts,
        List<ResultJson> results,
        List<MeasurementJson> measurements) {

    /** Gson takes any object for one, and leaves out what it lacks and what this version has no name for. */
    boolean isReadable() {
        return format == ReportJson.FORMAT
                && Stream.of(backend, runBy, servers, kit, java, seed, startedUtc, capabilities, labels, counts)
                        .allMatch(Objects::nonNull)
                && Stream.of(results, measurements).allMatch(Objects::nonNull)
                && !capabilities.contains(null)
                && results.stream().allMatch(result -> result != null && result.verdict() != null)
                && !measurements.contains(null);
    }

    static PartJson of(String runBy, BackendReport report) {
        var counts = new EnumMap<Verdict, Long>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, 0L);
        }
        report.results().forEach(result -> counts.merge(result.verdict(), 1L, Long::sum));
        return new PartJson(
                ReportJson.FORMAT,
                report.backend(),
                runBy,
                report.servers(),
                report.kit(),
                report.java(),
                Long.toString(report.seed()),
                report.scale(),
                report.repeat(),
                report.started().toString(),
                report.time().toNanos(),
                List.copyOf(new TreeSet<>(report.capabilities())),
                report.labels(),
                counts,
                report.results().stream().map(ResultJson::of).toList(),
                report.measurements().stream().map(MeasurementJson::of).toList());
    }

    Instant ended() {
        return Instant.parse(startedUtc).plusNanos(timeNanos);
    }

    BackendReport toReport() {
        return new BackendReport(
                backend,
                servers,
                kit,
                java,
                Long.parseLong(seed),
                scale,
                repeat,
                Instant.parse(startedUtc),
                Duration.ofNanos(timeNanos),
                Set.copyOf(capabilities),
                List.copyOf(labels),
                results.stream().map(ResultJson::toResult).toList(),
                measurements.stream().map(MeasurementJson::toMeasurement).toList());
    }

    /**
     * The verdict on a rule.
     *
     * @param rule such as {@code 2.05}
     * @param verdict by name
     * @param reason why, in a sentence; empty if it passed
     * @param detail the stack trace of a failure; else empty
     * @param timeNanos that the attempts took
     * @param attempts how many there were
     * @param invalid how many of them fell into a stall of the machine
     */
    record ResultJson(
            String rule, Verdict verdict, String reason, String detail, long timeNanos, int attempts, int invalid) {
        static ResultJson of(RuleResult result) {
            return new ResultJson(
                    result.rule().toString(),
                    result.verdict(),
                    result.reason(),
                    result.detail(),
                    result.time().toNanos(),
                    result.attempts(),
                    result.invalid());
        }

        RuleResult toResult() {
            return new RuleResult(
                    RuleId.of(rule), verdict, reason, detail, Duration.ofNanos(timeNanos), attempts, invalid);
        }
    }

    /**
     * What was measured.
     *
     * @param name such as {@code wake-up}
     * @param count of samples
     * @param p50Nanos the median
     * @param p99Nanos the 99th percentile
     * @param maxNanos the largest
     * @param boundNanos what the backend promises, scaled; 0 if nothing
     */
    record MeasurementJson(String name, long count, long p50Nanos, long p99Nanos, long maxNanos, long boundNanos) {
        static MeasurementJson of(Measurement measured) {
            return new MeasurementJson(
                    measured.name(),
                    measured.count(),
                    measured.p50(),
                    measured.p99(),
                    measured.max(),
                    measured.bound());
        }

        Measurement toMeasurement() {
            return new Measurement(name, count, p50Nanos, p99Nanos, maxNanos, boundNanos);
        }
    }
}
