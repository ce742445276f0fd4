// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the checker says about a history. Immutable.
 *
 * @param findings what it has against it; empty if the history is valid
 * @param measured what would be a violation if the header did not say that it is only counted
 * @param counts what was looked at
 */
public record CheckResult(List<Finding> findings, List<Finding.Violation> measured, Counts counts) {
    /**
     * What was looked at.
     *
     * @param operations calls
     * @param clients processes that made them
     * @param locks different names
     * @param grants calls that brought a grant
     * @param refusals calls that were answered "held by another"
     * @param unknown calls whose outcome nobody knows
     * @param span from the first event to the last
     * @param steps of the search for an order
     * @param stage1 time that the comparison of holds and tokens took
     * @param stage2 time that the search took
     */
    public record Counts(
            int operations,
            int clients,
            int locks,
            int grants,
            int refusals,
            int unknown,
            Duration span,
            long steps,
            Duration stage1,
            Duration stage2) {}

    /** {@return whether nothing was found against the history, and everything was looked at} */
    public boolean isValid() {
        return findings.isEmpty();
    }

    /**
     * Does nothing if the history is valid.
     *
     * @throws AssertionError with the sentences of all findings
     */
    public void requireValid() {
        if (!isValid()) {
            throw new AssertionError(findings.stream()
                    .map(Finding::sentence)
                    .collect(Collectors.joining("\n", "history is not valid:\n", "")));
        }
    }
}
