// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Another JVM for a test, with a temp folder of its own, which nobody else sweeps. */
final class OtherJvm {
    private OtherJvm() {}

    static ProcessBuilder running(Class<?> main, Path temp, String... flags) {
        return running(main, System.getProperty("java.class.path"), temp, flags);
    }

    /** As of a module that has not asked for Testcontainers. */
    static ProcessBuilder withoutTestcontainers(Class<?> main, Path temp, String... flags) {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("testcontainers") && !entry.contains("docker-java"))
                .collect(Collectors.joining(File.pathSeparator));
        return running(main, path, temp, flags);
    }

    private static ProcessBuilder running(Class<?> main, String path, Path temp, String... flags) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-Djava.io.tmpdir=" + temp, "-cp", path, main.getName()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** {@return all that it prints until it ends} */
    static String output(ProcessBuilder jvm) throws IOException {
        try (var printed = jvm.redirectErrorStream(true).start().inputReader()) {
            return printed.lines().collect(Collectors.joining("\n"));
        }
    }
}
