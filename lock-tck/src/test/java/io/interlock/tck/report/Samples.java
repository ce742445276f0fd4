// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import io.interlock.Capability;
import io.interlock.tck.RuleId;
import io.interlock.tck.run.BackendReport;
import io.interlock.tck.run.Catalogue;
import io.interlock.tck.run.Measurement;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Reports to write. */
final class Samples {
    static final Instant STARTED = Instant.parse("2026-11-20T10:15:30.250Z");
    static final String HOSTILE =
            "</script><script>alert(1)</script><!-- \"'&amp; /*SCRIPT*/ /*STYLE*/ \u2028 \u0000 \uD83D\uDD12";

    private Samples() {}

    /** A run of five minutes in which everything passed. */
    static BackendReport passed(String backend) {
        return with(backend, STARTED, results());
    }

    static BackendReport with(String backend, Instant started, List<RuleResult> results) {
        return new BackendReport(
                backend,
                "Redis 7.0.15, process",
                "0.1.0",
                "17.0.15",
                Long.MIN_VALUE,
                1.5,
                2,
                started,
                Duration.ofMinutes(5),
                Set.of(Capability.FENCING, Capability.LEASE),
                List.of("Core", "Crash"),
                results,
                List.of(new Measurement("wake-up", 1000, 400_000, 2_000_000, 40_000_000, 750_000_000)));
    }

    static List<RuleResult> results() {
        return Catalogue.rules().all().stream()
                .map(rule -> result(rule.id().toString(), Verdict.PASS, "", ""))
                .toList();
    }

    static RuleResult result(String rule, Verdict verdict, String reason, String detail) {
        return new RuleResult(RuleId.of(rule), verdict, reason, detail, Duration.ofMillis(12), 2, 1);
    }
}
