// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.Finding;
import io.interlock.Finding.Severity;
import io.interlock.LockClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says whether a store is fit for locks, and what to do if not. */
@Command(
        name = "doctor",
        header = "Says whether a store is fit for locks, and what to do if not. Changes nothing.",
        description = "",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no errors, and with --strict no warnings",
            "1:errors, or the store can't be asked",
            "2:the command line is malformed"
        })
final class DoctorCommand implements Callable<Integer>, Complaints.Talkative {
    private static final String MARGIN = " ".repeat(9);

    @ParentCommand
    private @Nullable Main main;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private final OneStore store = new OneStore();

    @Option(names = "--strict", description = "Lets warnings count as errors.")
    private boolean strict;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings;
        try (LockClient client = store.open(main, spec.commandLine())) {
            findings = client.diagnose();
        }
        findings.forEach(finding -> show(finding, out));
        long errors = count(findings, Severity.ERROR);
        long warnings = count(findings, Severity.WARNING);
        out.println();
        out.println(number(errors, "error") + ", " + number(warnings, "warning"));
        return errors + (strict ? warnings : 0) == 0 ? 0 : 1;
    }

    @Override
    public boolean verbose() {
        return store.verbose();
    }

    private static void show(Finding finding, PrintWriter out) {
        out.println(indented(String.format("%-8s %s", finding.severity(), finding.what())));
        if (!finding.remedy().isEmpty()) {
            out.println(indented(MARGIN + "what to do: " + finding.remedy()));
        }
    }

    private static String indented(String text) {
        return text.replace("\n", System.lineSeparator() + MARGIN);
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static String number(long count, String what) {
        return (count == 0 ? "no" : String.valueOf(count)) + " " + what + (count == 1 ? "" : "s");
    }
}
