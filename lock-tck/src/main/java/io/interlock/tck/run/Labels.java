// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a backend may call itself after a run. */
final class Labels {
    private Labels() {}

    private record Label(String name, Set<Control> controls) {}

    private static final List<Label> LABELS = List.of(
            new Label("Core", EnumSet.noneOf(Control.class)),
            new Label("Crash", EnumSet.of(Control.PROCESS)),
            new Label("Fault", EnumSet.of(Control.SERVER, Control.NETWORK)),
            new Label("Full", EnumSet.allOf(Control.class)));

    /** Each label asks for Core too; one broken rule, expected or not, takes all that it belongs to. */
    static List<String> of(List<RuleResult> results) {
        var earned = new ArrayList<String>();
        for (Label label : LABELS) {
            if (results.stream().filter(result -> belongs(result, label)).allMatch(Labels::isKept)) {
                earned.add(label.name);
            }
        }
        return List.copyOf(earned);
    }

    private static boolean belongs(RuleResult result, Label label) {
        RuleSpec spec = Catalogue.rules().rule(result.rule());
        boolean binds = spec.level() == Level.MUST || spec.level() == Level.CAPABILITY;
        return binds && label.controls.containsAll(spec.controls());
    }

    private static boolean isKept(RuleResult result) {
        return result.verdict() == Verdict.PASS
                || result.verdict() == Verdict.NOT_DECLARED
                || result.isMeasuredOnly(); // as 14.04 is where a majority decides
    }
}
