// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs the same work without a lock and with every variant, and prints one table. */
@Command(
        name = "compare",
        header = "Compares the backends and their variants under contention.",
        description = {
            "",
            "Lets several processes count in one shared file, first without a lock, then with each variant of a"
                    + " backend, and shows which counts are right, how fast each is, and how evenly it serves.",
            ""
        },
        footer = {
            "",
            "Exit code: 0 if the run without a lock lost updates and every run with one counted right, 1 if not,"
                    + " 2 if the command line is malformed."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class CompareCommand implements Callable<Integer>, Complaints.Talkative {
    private static final int MOST_PARTIES = 64;
    private static final int MOST_SECONDS = 3600;
    private static final int DEFAULT_SECONDS = 10;
    private static final int QUICK_SECONDS = 2;

    @ParentCommand
    private @Nullable Main main;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--uri",
            paramLabel = "URI",
            description = {
                "A store, such as redis://localhost:6379, zookeeper://localhost:2181 or mysql://user@localhost/db; repeatable."
                        + " All its variants run unless the URI names one (?variant=lua).",
                "-: reads URIs from standard input, one on each line; a command line would show a password in them to"
                        + " every user of the machine.",
                "Without: a Redis, a ZooKeeper and a MariaDB that are started for the comparison."
            })
    private List<String> uris = new ArrayList<>();

    @Option(names = "--workers", paramLabel = "N", defaultValue = "3", description = "Processes (${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "4",
            description = "Threads in each process (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--seconds", paramLabel = "N", description = "Length of each run (" + DEFAULT_SECONDS + ").")
    private @Nullable Integer seconds;

    @Option(names = "--quick", description = "Short for --seconds " + QUICK_SECONDS + ".")
    private boolean quick;

    @Option(names = "--verbose", description = "Shows stack traces of failures and warnings.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (verbose) {
            LogDetail.showStackTraces();
        }
        var load = new Load(
                within("--workers", workers, MOST_PARTIES),
                within("--threads", threads, MOST_PARTIES),
                Duration.ofSeconds(within("--seconds", length(), MOST_SECONDS)));
        if (load.workers() * load.threads() == 1) {
            throw new ParameterException(
                    spec.commandLine(), "--workers 1 with --threads 1: a lock is for at least two threads in all");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (var stores = Stores.open(GivenUris.of(uris, Main.in(main), spec.commandLine()))) {
            Plan plan = Plan.of(stores.uris());
            plan.check(load);
            List<RunResult> results = new Comparison(plan, load, Progress.to(err), err).run();
            out.print(Report.of(results, plan.skipped(), load));
            out.flush();
            return results.stream().allMatch(RunResult::acceptable) ? 0 : 1;
        }
    }

    @Override
    public boolean verbose() {
        return verbose;
    }

    private int length() {
        if (quick && seconds != null) {
            throw new ParameterException(spec.commandLine(), "--quick and --seconds exclude each other");
        }
        return seconds != null ? seconds : quick ? QUICK_SECONDS : DEFAULT_SECONDS;
    }

    private int within(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(spec.commandLine(), option + " = " + value + ": must be from 1 to " + most);
        }
        return value;
    }
}
