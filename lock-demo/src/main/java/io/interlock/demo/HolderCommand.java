// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.HolderInfo;
import io.interlock.LockClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows who holds a lock. */
@Command(
        name = "holder",
        header = "Shows who holds a lock. Changes nothing.",
        description = "",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class HolderCommand implements Callable<Integer>, Complaints.Talkative {
    @ParentCommand
    private @Nullable Main main;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "The name of the lock.")
    private String name = "";

    @Option(
            names = "--uri",
            required = true,
            paramLabel = "URI",
            defaultValue = "${env:INTERLOCK_URI}",
            description = {
                "The store, such as redis://localhost:6379. Unless given: the environment variable INTERLOCK_URI.",
                "-: reads it from standard input. That and the variable show a password to no other user of the"
                        + " machine; a command line does."
            })
    private String uri = "";

    @Option(names = "--verbose", description = "Shows stack traces of failures and warnings.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        if (verbose) {
            LogDetail.showStackTraces();
        }
        try (LockClient client = LockClient.open(GivenUris.one(uri, Main.in(main), spec.commandLine()))) {
            String state = client.holder(name)
                    .map(HolderInfo::describe)
                    .map(by -> "held by " + by)
                    .orElse("free");
            spec.commandLine().getOut().println("lock '" + name + "' is " + state);
        }
        return 0;
    }

    @Override
    public boolean verbose() {
        return verbose;
    }
}
