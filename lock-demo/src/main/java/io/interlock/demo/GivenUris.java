// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The values of {@code --uri}, with the lines of standard input in place of {@code -}. */
final class GivenUris {
    private static final String INPUT = "-";

    private GivenUris() {}

    /** Reads standard input only if it is named. */
    static List<String> of(List<String> named, InputStream in, CommandLine command) throws IOException {
        if (named.stream().filter(INPUT::equals).count() > 1) {
            throw new ParameterException(command, "--uri - can be given only once");
        }
        var uris = new ArrayList<String>();
        for (String uri : named) {
            uris.addAll(uri.equals(INPUT) ? lines(in, command) : List.of(uri));
        }
        return uris;
    }

    /** {@return the URI of a command that takes one store} */
    static String one(String named, InputStream in, CommandLine command) throws IOException {
        List<String> uris = of(List.of(named), in, command);
        if (uris.size() > 1) {
            throw new ParameterException(
                    command, "--uri -: " + uris.size() + " URIs on standard input; this command takes one");
        }
        return uris.get(0);
    }

    private static List<String> lines(InputStream in, CommandLine command) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        var lines = new ArrayList<String>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                lines.add(line.strip());
            }
        }
        if (lines.isEmpty()) {
            throw new ParameterException(command, "--uri -: no URI on standard input; write one on each line");
        }
        return lines;
    }
}
