// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.tck.cli.Secrets;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells people what went wrong: one sentence on stderr, a stack trace only if they ask for it. */
final class Complaints {
    private static final int MISUSE = 2;
    private static final int FAILURE = 1;

    private Complaints() {}

    /** A command line that picocli could not understand. */
    static int onMisuse(ParameterException misuse, String[] args) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("interlock: " + Secrets.masked(sentence(misuse)));
        CommandLine.UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return MISUSE;
    }

    /** A command that failed. */
    static int onFailure(Exception failure, CommandLine command, @Nullable ParseResult parsed) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (JvmExit.inProgress()) {
            return FAILURE;
        }
        PrintWriter err = command.getErr();
        err.println("interlock: " + Secrets.masked(sentence(failure)));
        if (command.getCommand() instanceof Talkative talkative && talkative.verbose()) {
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            err.print(Secrets.masked(trace.toString()));
        }
        return FAILURE;
    }

    private static String sentence(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    /** A command with the option {@code --verbose}. */
    interface Talkative {
        boolean verbose();
    }
}
