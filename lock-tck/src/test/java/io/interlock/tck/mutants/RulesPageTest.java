// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.RuleId;
import io.interlock.tck.report.Sections;
import io.interlock.tck.run.Catalogue;
import io.interlock.tck.run.Control;
import io.interlock.tck.run.Level;
import io.interlock.tck.run.RuleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the rules is written from the catalogue; {@code -Dinterlock.docs.write=true} writes it anew. */
class RulesPageTest {
    private static final Path PAGE = Path.of("../docs/rules.md");
    private static final String HEAD = """
            # The rules of the test kit

            <!-- Generated from the code; to write it anew: mvn -pl lock-tck -am verify -Dtest=RulesPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dinterlock.docs.write=true -->

            Ids are stable: tests, reports and these pages name them. **Level**: M binds every backend; a capability binds the
            backends that declare it; S is measured and reported only. **Needs**: N control over the network, I a look into
            the store, S control over the server, P clients in processes of their own, K control over clocks, J a connection
            pool of the user's. **Test**: whether this version of the kit tests the rule. **Mutants**: how many deliberately
            broken backends the rule is seen to catch in every build.

            W is the bound from a release to the grant of a waiter, C from the end of a lease until others are granted, D from
            the end of an entry until its holder is told, ε how late a thread may be that waits for nobody else.
            """;

    @Test
    void pageIsWhatTheCodeSays() throws IOException {
        String expected = page();
        if (Boolean.getBoolean("interlock.docs.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    private static String page() {
        var page = new StringBuilder(HEAD);
        int section = 0;
        for (RuleSpec rule : Catalogue.rules().all()) {
            if (rule.id().section() != section) {
                section = rule.id().section();
                page.append("\n## §%d %s\n\n| id | rule | level | needs | test | mutants |\n|---|---|---|---|---|---|\n"
                        .formatted(section, Sections.title(section)));
            }
            page.append("| %s | %s | %s | %s | %s | %s |\n"
                    .formatted(rule.id(), text(rule), level(rule), needs(rule), test(rule), mutants(rule.id())));
        }
        page.append("\n## Tested elsewhere\n\n| id | what the kit can't see of it | who looks |\n|---|---|---|\n");
        PartOfRule.testedElsewhere()
                .forEach(part -> page.append("| %s | %s | %s |\n".formatted(part.rule(), part.what(), part.where())));
        return page.toString();
    }

    private static String text(RuleSpec rule) {
        return rule.same()
                .map(same -> "The same as " + same + ".")
                .orElse(rule.text())
                .replace("|", "\\|");
    }

    private static String level(RuleSpec rule) {
        return switch (rule.level()) {
            case MUST -> "M";
            case CAPABILITY ->
                rule.capabilities().stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
            case MEASURED -> "S";
            case OUT -> "not in this version";
            case SAME -> "";
        };
    }

    private static String needs(RuleSpec rule) {
        return rule.controls().stream().sorted().map(Control::letter).collect(Collectors.joining(" "));
    }

    private static String test(RuleSpec rule) {
        RuleId tested = rule.same().orElse(rule.id());
        boolean yes = io.interlock.tck.run.Sections.tests().stream()
                .anyMatch(test -> test.spec().id().equals(tested));
        return yes ? "yes" : rule.level() == Level.OUT ? "" : "not yet";
    }

    private static String mutants(RuleId rule) {
        long kills = Mutants.all().stream()
                .filter(mutant -> mutant.killers().contains(rule))
                .count();
        return kills == 0 ? "" : Long.toString(kills);
    }
}
