// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The program of the self-contained jar: tests backends without a build tool. */
public final class Main {
    private Main() {}

    /**
     * Runs one command; the exit code is 0 if all went well, 1 if a rule is broken, 2 if the command line is wrong or a
     * backend can't be opened.
     *
     * @param args the options
     */
    public static void main(String[] args) {
        // no logging is in the jar, and that need not be said; put a binding on the class path to see the engine's log
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(args));
    }

    /**
     * Tests backends as a command of another program.
     *
     * @param name of the command in its help
     * @param out for what was found
     * @param err for complaints
     * @param args the options
     * @return the exit code
     */
    public static int tck(String name, PrintWriter out, PrintWriter err, List<String> args) {
        return run(commandLine(), name, out, err, args);
    }

    /**
     * Judges a saved history as a command of another program.
     *
     * @param name of the command in its help
     * @param out for what was found
     * @param err for complaints
     * @param args the options
     * @return the exit code
     */
    public static int check(String name, PrintWriter out, PrintWriter err, List<String> args) {
        return run(settled(new CommandLine(new CheckCommand())), name, out, err, args);
    }

    private static int run(CommandLine line, String name, PrintWriter out, PrintWriter err, List<String> args) {
        return line.setCommandName(name).setOut(out).setErr(err).execute(args.toArray(String[]::new));
    }

    static CommandLine commandLine() {
        return settled(new CommandLine(new TckCommand()));
    }

    private static CommandLine settled(CommandLine line) {
        return line.setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler(sentence())
                .setParameterExceptionHandler(Main::onMisuse);
    }

    private static int onMisuse(ParameterException misuse, String[] args) {
        CommandLine line = misuse.getCommandLine();
        line.getErr()
                .println(Secrets.masked(String.valueOf(misuse.getMessage())) + "; " + line.getCommandName()
                        + " --help tells more");
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** One sentence for people; the stack trace is for those who ask for it. */
    private static IExecutionExceptionHandler sentence() {
        return (failure, line, parsed) -> {
            if (isVerbose(parsed)) {
                var trace = new StringWriter();
                failure.printStackTrace(new PrintWriter(trace));
                line.getErr().print(Secrets.masked(trace.toString()));
            }
            String sentence = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            line.getErr().println(Secrets.masked(sentence));
            return line.getCommandSpec().exitCodeOnInvalidInput();
        };
    }

    private static boolean isVerbose(ParseResult parsed) {
        return parsed.hasMatchedOption("--verbose");
    }
}
