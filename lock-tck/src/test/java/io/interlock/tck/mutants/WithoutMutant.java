// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.RuleId;
import java.util.Map;
import java.util.TreeMap;

/** Rules that kill no mutant, and why. */
final class WithoutMutant {
    private WithoutMutant() {}

    static Map<RuleId, String> reasons() {
        var reasons = new TreeMap<RuleId, String>();
        reasons.put(
                RuleId.of("14.08"),
                "What it must catch is a file that loses something, and files are the kit's own, not the backend's:"
                        + " HistoryFileTest has those.");
        reasons.put(
                RuleId.of("14.09"),
                "What it must catch is a blind checker, and a recorder that drops a release (row 82), both the kit's"
                        + " own: SelfTestTest runs it with each.");
        reasons.put(
                RuleId.of("6.13"),
                "no backend with sessions is here to be broken: KitMutantsTest of lock-zookeeper breaks one");
        reasons.put(
                RuleId.of("8.07"),
                "no fair backend over a network is here to be broken: KitMutantsTest of lock-zookeeper breaks one");
        return reasons;
    }
}
