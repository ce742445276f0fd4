// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Hands its options to the test kit, which knows them and explains them. */
@Command(name = "tck", description = "Tests a backend with every rule of the test kit, and writes a report.")
final class TckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Unmatched
    private List<String> options = new ArrayList<>();

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        return io.interlock.tck.cli.Main.tck("interlock tck", line.getOut(), line.getErr(), options);
    }
}
