// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.LockClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options of a command that asks one store. */
final class OneStore {
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

    /** Opens a client of the store. */
    LockClient open(@Nullable Main main, CommandLine line) throws IOException {
        if (verbose) {
            LogDetail.showStackTraces();
        }
        return LockClient.open(GivenUris.one(uri, Main.in(main), line));
    }

    boolean verbose() {
        return verbose;
    }
}
