// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.Timing;
import io.interlock.tck.history.HistoryHeader.Refusals;
import java.time.Duration;

/** The JSON of a header; all times in nanoseconds. */
final class HeaderJson {
    private static final String FORMAT = "interlock-history";
    private static final long VERSION = 1;

    private HeaderJson() {}

    static String line(HistoryHeader header) {
        Timing timing = header.timing();
        return JsonLine.write(out -> {
            out.name("format").value(FORMAT);
            out.name("version").value(VERSION);
            out.name("backend").value(header.backend());
            out.name("seed").value(header.seed());
            out.name("lease").value(header.lease().toNanos());
            out.name("wakeUp").value(timing.wakeUp().toNanos());
            out.name("recheck").value(timing.recheck().toNanos());
            out.name("crashRelease").value(timing.crashRelease().toNanos());
            out.name("lossDetection").value(timing.lossDetection().toNanos());
            out.name("minLease").value(timing.minLease().toNanos());
            out.name("granularity").value(timing.granularity().toNanos());
            out.name("slack").value(timing.slack().toNanos());
            out.name("roundTrips").value(timing.roundTrips());
            out.name("refusals").value(header.refusals().name());
            out.name("lateGrants").value(header.lateGrants().toNanos());
        });
    }

    static HistoryHeader parse(String line) {
        var json = JsonLine.parse(line);
        if (!json.text("format").equals(FORMAT)) {
            throw new IllegalArgumentException("field 'format' must be '" + FORMAT + "'");
        }
        long version = json.number("version");
        if (version != VERSION) {
            throw new IllegalArgumentException("version " + version + " of the format; this kit reads " + VERSION);
        }
        var header = new HistoryHeader(
                json.text("backend"),
                json.number("seed"),
                duration(json, "lease"),
                timing(json),
                json.constant("refusals", Refusals.class),
                duration(json, "lateGrants"));
        json.requireNothingElse();
        return header;
    }

    private static Timing timing(JsonLine json) {
        return new Timing(
                duration(json, "wakeUp"),
                duration(json, "recheck"),
                duration(json, "crashRelease"),
                duration(json, "lossDetection"),
                duration(json, "minLease"),
                duration(json, "granularity"),
                duration(json, "slack"),
                Math.toIntExact(json.number("roundTrips")));
    }

    private static Duration duration(JsonLine json, String name) {
        return Duration.ofNanos(json.number(name));
    }
}
