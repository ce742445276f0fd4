// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import io.interlock.tck.history.CheckResult;
import io.interlock.tck.history.Finding;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryChecker;
import io.interlock.tck.history.HistoryFile;
import io.interlock.tck.history.HistoryFormatException;
import io.interlock.tck.history.Latencies;
import io.interlock.tck.history.TimelineHtml;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges a saved history once more, and draws it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Judges a saved history once more, and draws who held which lock when.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the history is valid",
            "1:it breaks a rule, or there was no verdict within the budget",
            "2:the file is no history, or the command line is wrong"
        })
public final class CheckCommand implements Callable<Integer> {
    private static final int VALID = 0;
    private static final int NOT_VALID = 1;
    private static final int BAD_FILE = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The history, as the kit saved it (JSON lines).")
    private @Nullable Path file;

    @Option(names = "--html", paramLabel = "OUT", description = "Where to draw it; FILE with .html unless given.")
    private @Nullable Path html;

    @Option(
            names = "--budget",
            paramLabel = "N",
            description = "Steps of the search for each lock, ${DEFAULT-VALUE} unless given.",
            defaultValue = "" + HistoryChecker.DEFAULT_BUDGET)
    private long budget;

    /** For picocli. */
    public CheckCommand() {}

    @Override
    public Integer call() {
        CommandSpec command = required(spec);
        Path source = required(file);
        if (budget <= 0) {
            throw new ParameterException(command.commandLine(), "--budget " + budget + ": must be positive");
        }
        try {
            History history = HistoryFile.read(source);
            CheckResult result = HistoryChecker.withBudget(budget).check(history);
            Path picture = html == null ? besides(source) : html;
            TimelineHtml.write(picture, history, result);
            print(command.commandLine().getOut(), source, picture, history, result);
            return result.isValid() ? VALID : NOT_VALID;
        } catch (HistoryFormatException bad) {
            return refuse(command, source + ", " + bad.getMessage());
        } catch (NoSuchFileException missing) {
            return refuse(command, missing.getFile() + ": there is no such file or folder");
        } catch (FileSystemException unusable) {
            // the system's words, such as "Permission denied"; there are none if the JDK itself refused
            return refuse(
                    command,
                    unusable.getFile() + ": " + Objects.requireNonNullElse(unusable.getReason(), "is not usable"));
        } catch (IOException unreadable) {
            return refuse(
                    command, source + ": " + Objects.requireNonNullElse(unreadable.getMessage(), "is not readable"));
        }
    }

    private static int refuse(CommandSpec command, String why) {
        PrintWriter err = command.commandLine().getErr();
        err.println(why);
        err.flush();
        return BAD_FILE;
    }

    private static Path besides(Path source) {
        String name = String.valueOf(source.getFileName());
        int dot = name.lastIndexOf('.');
        return source.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".html");
    }

    private static void print(PrintWriter out, Path source, Path picture, History history, CheckResult result) {
        CheckResult.Counts counts = result.counts();
        out.printf(
                Locale.ROOT,
                "%s: %d calls of %d clients on %d locks of %s in %s, seed %d%n",
                source.getFileName(),
                counts.operations(),
                counts.clients(),
                counts.locks(),
                history.header().backend(),
                seconds(counts.span()),
                history.header().seed());
        out.printf(
                Locale.ROOT,
                "%d grants, %d refusals, %d calls with unknown outcome%n",
                counts.grants(),
                counts.refusals(),
                counts.unknown());
        latencies(out, Latencies.of(history));
        result.findings().forEach(finding -> out.println(finding.sentence()));
        result.measured().forEach(finding -> out.println("counted only: " + finding.sentence()));
        out.println(verdict(result));
        out.println("time line: " + picture);
        out.flush();
    }

    private static void latencies(PrintWriter out, Latencies latencies) {
        latencies(out, "from a release to the next grant", latencies.handOffs());
        latencies(out, "from the end of a process to the next grant", latencies.crashReleases());
        latencies(out, "from the end of a validity to the next grant", latencies.expiries());
    }

    private static void latencies(PrintWriter out, String what, List<Duration> sorted) {
        if (!sorted.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "%s, with a waiter: p50 %s, p99 %s, worst %s (%d times)%n",
                    what,
                    seconds(Latencies.percentile(sorted, 50)),
                    seconds(Latencies.percentile(sorted, 99)),
                    seconds(Latencies.percentile(sorted, 100)),
                    sorted.size());
        }
    }

    private static String verdict(CheckResult result) {
        CheckResult.Counts counts = result.counts();
        String effort =
                " (checked in " + seconds(counts.stage1().plus(counts.stage2())) + ", " + counts.steps() + " steps)";
        if (result.isValid()) {
            return "valid" + effort;
        }
        long unknown = result.findings().stream()
                .filter(Finding.Unknown.class::isInstance)
                .count();
        long broken = result.findings().size() - unknown;
        return "NOT VALID: " + broken + " violations" + (unknown > 0 ? ", " + unknown + " without a verdict" : "")
                + effort;
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f s", time.toNanos() / 1e9);
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not called by picocli");
        }
        return value;
    }
}
