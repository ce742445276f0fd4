// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What rules have measured in one run. Thread-safe. */
final class Measurements {
    private final Map<String, Samples> samples = new ConcurrentSkipListMap<>();

    private record Samples(Duration bound, List<Long> nanos) {}

    void add(String name, Duration bound, long nanos) {
        samples.computeIfAbsent(name, n -> new Samples(bound, Collections.synchronizedList(new ArrayList<>())))
                .nanos
                .add(nanos);
    }

    List<Measurement> summary() {
        return samples.entrySet().stream()
                .map(entry -> sum(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Measurement sum(String name, Samples samples) {
        long[] sorted;
        synchronized (samples.nanos) {
            sorted = samples.nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        }
        return new Measurement(
                name,
                sorted.length,
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                sorted[sorted.length - 1],
                samples.bound.toNanos());
    }

    /** The nearest-rank quantile. */
    private static long quantile(long[] sorted, double q) {
        return sorted[(int) Math.ceil(q * sorted.length) - 1];
    }
}
