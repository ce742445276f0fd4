// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells people what went wrong: one sentence on stderr, a stack trace only if they ask for it. */
final class Complaints {
    /** Settings that may be secret, by the ends of their names. */
    private static final Pattern SETTING =
            Pattern.compile("([?&][^?&=\\s]*(?:password|secret|token)=)[^&\\s]*", Pattern.CASE_INSENSITIVE);

    /** What stands between scheme and host, up to the last @: a password may have been left without its encoding. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://|:(?!//))\\S*(?=@)");

    private static final int MISUSE = 2;
    private static final int FAILURE = 1;

    private Complaints() {}

    /** A command line that picocli could not understand. */
    static int onMisuse(ParameterException misuse, String[] args) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("interlock: " + withoutSecrets(sentence(misuse)));
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
        err.println("interlock: " + withoutSecrets(sentence(failure)));
        if (command.getCommand() instanceof Talkative talkative && talkative.verbose()) {
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            err.print(withoutSecrets(trace.toString()));
        }
        return FAILURE;
    }

    static String withoutSecrets(String text) {
        // settings first: a value may have an @, and what is masked before it must not end in its midst
        String settingsMasked = SETTING.matcher(text).replaceAll("$1***");
        return USER_INFO.matcher(settingsMasked).replaceAll("***");
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
