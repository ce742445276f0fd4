// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import io.interlock.tck.TckBackend;
import io.interlock.tck.report.Reports;
import io.interlock.tck.run.BackendReport;
import io.interlock.tck.run.Catalogue;
import io.interlock.tck.run.KitVersion;
import io.interlock.tck.run.RuleSpec;
import io.interlock.tck.run.RunSettings;
import io.interlock.tck.run.TckRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tests backends with every rule, and writes the report. */
@Command(
        name = "lock-tck",
        mixinStandardHelpOptions = true,
        versionProvider = TckCommand.Version.class,
        description = {
            "Tests backends of Interlock with every rule, and writes a report.",
            "",
            "Without --uri, the backends that announce a TckBackend are tested."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every rule has a good verdict",
            "1:some rule is broken",
            "2:bad usage, or a backend can't be opened"
        },
        subcommands = CheckCommand.class)
final class TckCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--uri",
            paramLabel = "URI",
            description = "A store to test, such as redis://127.0.0.1:6379; repeatable.")
    private List<String> uris = new ArrayList<>();

    @Option(
            names = "--backend",
            paramLabel = "JAR",
            description = "A backend's jar or folder of classes, or a library that it needs; repeatable.")
    private List<Path> jars = new ArrayList<>();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "lock-tck-report",
            description = "Where the report goes; ${DEFAULT-VALUE} unless given.")
    private Path report = Path.of("lock-tck-report");

    @Option(
            names = "--rules",
            paramLabel = "RULES",
            description = "Which rules to test, such as 2.05,4.*; all unless given.")
    private @Nullable String rules;

    @Option(
            names = "--expected-failures",
            paramLabel = "RULES",
            description = {
                "Rules that the backend is known to break, such as 2.12,2.13, beside those that its TckBackend lists;",
                "one of them that passes is an error."
            })
    private @Nullable String expectedFailures;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeats the random choices of a run; its report names it.")
    private @Nullable String seed;

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "Multiplies upper time bounds, 0.1 to 100; 1 unless given.")
    private @Nullable String scale;

    @Option(names = "--repeat", paramLabel = "N", description = "How often each rule is tested; once unless given.")
    private @Nullable String repeat;

    @Option(names = "--list", description = "Prints the rules, and tests nothing.")
    private boolean list;

    @Option(names = "--verbose", description = "Shows stack traces.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        CommandLine line = commandLine();
        if (list) {
            Catalogue.rules().all().forEach(rule -> line.getOut().println(row(rule)));
            return 0;
        }
        RunSettings settings = settings(line);
        if (!jars.isEmpty()) {
            List<String> args = line.getParseResult().expandedArgs();
            return GivenBackends.run(jars, line.getCommandName(), line.getOut(), line.getErr(), args);
        }
        Reports.clear(settings.reportDir());
        var reports = new ArrayList<BackendReport>();
        try {
            for (Choice choice : Choice.of(uris)) {
                reports.add(test(choice, settings, line.getOut()));
            }
        } catch (ServiceConfigurationError | LinkageError broken) { // of rules they are findings, not thrown
            throw new IllegalStateException("a backend can't be loaded: " + broken, broken);
        }
        if (reports.isEmpty()) {
            throw new ParameterException(line, "nothing to test: give --uri, or --backend with a TckBackend in it");
        }
        return new Summary(line.getOut(), verbose).print(reports, settings) ? 0 : 1;
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("not made by picocli");
        }
        return spec.commandLine();
    }

    private static BackendReport test(Choice choice, RunSettings settings, PrintWriter out) throws IOException {
        out.println(choice.id() + ": testing (seed " + settings.seed() + ")");
        out.flush();
        try (TckBackend backend = choice.open()) {
            BackendReport report = TckRun.all(backend, settings, new Progress(out));
            Reports.write(settings.reportDir(), "tck command", report);
            return report;
        }
    }

    private RunSettings settings(CommandLine line) {
        var given = Map.of(
                "lock.tck.rules", Optional.ofNullable(rules),
                "lock.tck.expected-failures", Optional.ofNullable(expectedFailures),
                "lock.tck.seed", Optional.ofNullable(seed),
                "lock.tck.scale", Optional.ofNullable(scale),
                "lock.tck.repeat", Optional.ofNullable(repeat),
                "lock.tck.report", Optional.of(report.toString()));
        try {
            return RunSettings.of(key -> given.getOrDefault(key, Optional.empty()));
        } catch (IllegalArgumentException bad) {
            throw new ParameterException(line, String.valueOf(bad.getMessage()).replace("lock.tck.", "--"), bad);
        }
    }

    private static String row(RuleSpec rule) {
        String text = rule.same().map(same -> "the same as " + same).orElse(rule.text());
        return "%-6s %-10s %s".formatted(rule.id(), rule.level(), text);
    }

    /** The version of the jar; there is none while classes run from a build folder. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"lock-tck " + KitVersion.text().orElse("(development)")};
        }
    }
}
