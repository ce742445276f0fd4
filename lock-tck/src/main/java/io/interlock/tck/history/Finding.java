// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.RuleId;
import java.util.List;

/** What the checker has against a history. */
public sealed interface Finding {
    /** {@return a sentence for people: which rule, lock, client, token, and when} */
    String sentence();

    /**
     * A rule is broken.
     *
     * @param rule which
     * @param sentence as the interface tells
     * @param events what it is about; the call that the rule is broken by comes first
     */
    record Violation(RuleId rule, String sentence, List<HistoryEvent> events) implements Finding {}

    /**
     * Nobody knows whether a rule is broken; that is no pass.
     *
     * @param sentence as the interface tells
     */
    record Unknown(String sentence) implements Finding {}
}
