// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import io.interlock.tck.report.Sections;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.Verdict;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Tells people how far the run is: a line a section, and one for each broken rule. */
final class Progress implements Consumer<RuleResult> {
    private final PrintWriter out;
    private int section;

    Progress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void accept(RuleResult result) {
        if (result.rule().section() != section) {
            section = result.rule().section();
            out.println("  §" + section + " " + Sections.title(section));
        }
        if (result.verdict().isError() || result.verdict() == Verdict.XFAIL) {
            out.println("    " + result.verdict() + " " + result.rule() + " " + result.reason());
        }
        out.flush();
    }
}
