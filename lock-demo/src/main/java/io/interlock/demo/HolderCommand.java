// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.HolderInfo;
import io.interlock.LockClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    private final OneStore store = new OneStore();

    @Override
    public Integer call() throws IOException {
        try (LockClient client = store.open(main, spec.commandLine())) {
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
        return store.verbose();
    }
}
