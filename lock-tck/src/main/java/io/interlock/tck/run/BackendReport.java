// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Everything that one run of the kit found out about one backend. Immutable.
 *
 * @param backend its id
 * @param servers the servers and versions that the verdicts come from
 * @param kit version of the kit
 * @param java version of the JVM
 * @param seed with which the run can be repeated
 * @param scale by which upper bounds were multiplied
 * @param repeat how often each rule was tested
 * @param started wall-clock time, for people
 * @param time that the run took
 * @param capabilities what the backend declares
 * @param labels conformance labels that it has earned
 * @param results one a rule of the catalogue, in its order
 * @param measurements in order of their names
 */
public record BackendReport(
        String backend,
        String servers,
        String kit,
        String java,
        long seed,
        double scale,
        int repeat,
        Instant started,
        Duration time,
        Set<Capability> capabilities,
        List<String> labels,
        List<RuleResult> results,
        List<Measurement> measurements) {}
