// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.InputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program {@code interlock}. */
@Command(
        name = "interlock",
        description = {
            "Compares distributed locks, tests backends, shows who holds a lock, and whether a store is fit for locks.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Start here:  interlock compare --quick",
            "It needs no server: it starts some of its own and ends them."
        },
        subcommands = {
            CompareCommand.class,
            HolderCommand.class,
            DoctorCommand.class,
            TckCommand.class,
            CheckCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final InputStream in;

    private Main(InputStream in) {
        this.in = in;
    }

    /**
     * Runs one command; the exit code is 0 if all went well, 1 if it did not, 2 if the command line is malformed.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(commandLine(System.in).execute(args));
    }

    /** The program, with what it reads as standard input. */
    static CommandLine commandLine(InputStream in) {
        return new CommandLine(new Main(in))
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler(Complaints::onFailure)
                .setParameterExceptionHandler(Complaints::onMisuse);
    }

    /** {@return the standard input of a command of this program} */
    static InputStream in(@Nullable Main parent) {
        return parent == null ? System.in : parent.in;
    }

    /** Without a command there is only help to give. */
    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        spec.commandLine().usage(out);
    }

    /** The version of the jar; there is none while classes run from a build folder. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"interlock " + (version == null ? "(development)" : version)};
        }
    }
}
