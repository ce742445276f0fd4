// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.tck.RuleId;
import java.time.Duration;

/**
 * The verdict on one rule. Immutable.
 *
 * @param rule which
 * @param verdict what was found
 * @param reason why, in a sentence; empty if it passed
 * @param detail the stack trace of a failure; else empty
 * @param time that the attempts took
 * @param attempts how many there were
 * @param invalid how many of them fell into a stall of the machine
 */
public record RuleResult(
        RuleId rule, Verdict verdict, String reason, String detail, Duration time, int attempts, int invalid) {
    /** {@return whether something was seen that would break the rule, if it were not measured and reported only} */
    public boolean isMeasuredOnly() {
        return verdict == Verdict.NOT_VERIFIED && reason.startsWith(NotVerified.MEASURED_ONLY);
    }
}
