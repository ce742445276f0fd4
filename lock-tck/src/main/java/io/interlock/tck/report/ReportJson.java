// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import io.interlock.Capability;
import io.interlock.tck.RuleId;
import io.interlock.tck.run.Catalogue;
import io.interlock.tck.run.Control;
import io.interlock.tck.run.Level;
import io.interlock.tck.run.RuleSpec;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The file {@code report.json}. Times are whole nanoseconds, in fields whose names end in {@code Nanos}; the order of
 * everything is stable. Fields may be added without notice; what changes or goes makes a new {@code format}.
 *
 * @param format {@value #FORMAT}
 * @param sections of the catalogue, in order
 * @param rules of the catalogue, in order
 * @param backends in order of their ids
 */
record ReportJson(int format, List<SectionJson> sections, List<RuleJson> rules, List<PartJson> backends) {
    static final int FORMAT = 1;

    static ReportJson of(List<PartJson> parts) {
        List<RuleSpec> rules = Catalogue.rules().all();
        return new ReportJson(
                FORMAT,
                rules.stream()
                        .map(rule -> rule.id().section())
                        .distinct()
                        .map(number -> new SectionJson(number, Sections.title(number)))
                        .toList(),
                rules.stream().map(RuleJson::of).toList(),
                parts.stream().sorted(Comparator.comparing(PartJson::backend)).toList());
    }

    /**
     * A section of the catalogue.
     *
     * @param number from 1
     * @param title what it is about
     */
    record SectionJson(int number, String title) {}

    /**
     * A rule of the catalogue.
     *
     * @param id such as {@code 2.05}
     * @param section its number
     * @param level whom it binds, by name
     * @param capabilities which a backend must declare for it to apply
     * @param controls what a test of it needs, in words
     * @param text what it demands
     * @param same the id of the rule that it is another name of; else empty
     */
    record RuleJson(
            String id,
            int section,
            Level level,
            List<Capability> capabilities,
            List<String> controls,
            String text,
            String same) {
        static RuleJson of(RuleSpec rule) {
            return new RuleJson(
                    rule.id().toString(),
                    rule.id().section(),
                    rule.level(),
                    List.copyOf(new TreeSet<>(rule.capabilities())),
                    new TreeSet<>(rule.controls()).stream().map(Control::words).toList(),
                    rule.text(),
                    rule.same().map(RuleId::toString).orElse(""));
        }
    }
}
