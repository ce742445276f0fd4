// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuildStartTest {
    private static final Instant BUILD = Samples.STARTED.minusSeconds(60);

    @Test
    void isTheStartOfTheJvmAboveThisOne() {
        assertThat(BuildStart.of(Samples.passed("a"), Optional.of(BUILD))).isEqualTo(new BuildStart(BUILD));
    }

    @Test
    void isNoLongerAgoThanABuildTakes() {
        Instant limit = Samples.STARTED.minus(BuildStart.LONGEST);
        assertThat(BuildStart.of(Samples.passed("a"), Optional.of(limit.plusNanos(1))))
                .isEqualTo(new BuildStart(limit.plusNanos(1)));
        assertThat(BuildStart.of(Samples.passed("a"), Optional.of(limit.minus(Duration.ofDays(7)))))
                .isEqualTo(new BuildStart(limit));
        assertThat(BuildStart.of(Samples.passed("a"), Optional.empty())).isEqualTo(new BuildStart(limit));
    }

    /** Two JVMs under one, the second behind a shell, as build tools start them. */
    @Test
    void isTheSameInAllJvmsThatOneStarted() throws IOException, InterruptedException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classPath = System.getProperty("java.class.path");
        Instant ours = ProcessHandle.current().info().startInstant().orElseThrow();

        assertThat(seenBy(List.of(java, "-cp", classPath, Child.class.getName())))
                .isEqualTo(ours);
        if (File.separatorChar == '/') {
            String quoted = "'" + java + "' -cp '" + classPath + "' '" + Child.class.getName() + "'; true";
            assertThat(seenBy(List.of("/bin/sh", "-c", quoted))).isEqualTo(ours);
        }
    }

    private static Instant seenBy(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Instant.parse(out.strip());
    }

    /** Prints what a JVM takes for the start of its build. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
            System.out.println(
                    BuildStart.of(Samples.with("a", start, List.of())).instant());
        }
    }
}
