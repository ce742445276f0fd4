// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks for containers gets containers or a reason; who does not is not bothered with them. */
class ServerModeTest {
    private static final Map<String, String> NO_RYUK = Map.of("TESTCONTAINERS_RYUK_DISABLED", "true");

    @Test
    void serversAreProcessesUnlessDockerIsAskedFor() {
        assertThat(ServerMode.of(null)).isEqualTo(ServerMode.PROCESS);
        assertThat(ServerMode.of("process")).isEqualTo(ServerMode.PROCESS);
        assertThat(ServerMode.of("docker")).isEqualTo(ServerMode.DOCKER);
    }

    @Test
    void misspeltValueIsRefusedWithTheKeyAndWhatIsAllowed() {
        for (String value : new String[] {"podman", "Docker", ""}) {
            assertThatThrownBy(() -> ServerMode.of(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("lock.tck.servers = " + value + ": must be process or docker");
        }
    }

    @Test
    void misspeltPropertyStopsTheStart(@TempDir Path temp) throws IOException {
        assertThat(OtherJvm.output(OtherJvm.running(Start.class, temp, "-Dlock.tck.servers=podman")))
                .startsWith(
                        "java.lang.IllegalArgumentException: lock.tck.servers = podman: must be process or docker\n");
    }

    @Test
    void processesNeedNoTestcontainers(@TempDir Path temp) throws IOException {
        assertThat(OtherJvm.output(OtherJvm.withoutTestcontainers(Start.class, temp)))
                .isEqualTo("Redis 7.0.15, process");
    }

    @Test
    void containersWithoutTestcontainersAreRefused(@TempDir Path temp) throws IOException {
        assertThat(OtherJvm.output(OtherJvm.withoutTestcontainers(Start.class, temp, "-Dlock.tck.servers=docker")))
                .startsWith("java.lang.IllegalStateException: lock.tck.servers = docker needs"
                        + " org.testcontainers:testcontainers on the class path\njava.lang.ClassNotFoundException");
    }

    @Test
    void missingDockerIsToldInASentenceWithTheCause() {
        var cause = new IllegalStateException("Could not find a valid Docker environment.");
        Supplier<DockerClient> none = () -> {
            throw cause;
        };
        assertThatThrownBy(() -> Docker.client(NO_RYUK, none))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "lock.tck.servers = docker: no Docker answers (DOCKER_HOST is not set); start it, or leave the"
                                + " property out for local processes")
                .hasCause(cause);
    }

    /** Its helper listens on all addresses. */
    @Test
    void ryukIsRefused() {
        for (Map<String, String> environment :
                List.of(Map.<String, String>of(), Map.of("TESTCONTAINERS_RYUK_DISABLED", "false"))) {
            assertThatThrownBy(() -> Docker.client(environment, () -> null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "lock.tck.servers = docker needs the environment variable TESTCONTAINERS_RYUK_DISABLED = true");
        }
    }

    /** Prints the description of a server, or why there is none. */
    static final class Start {
        private Start() {}

        public static void main(String[] args) {
            try (var server = RedisServer.start()) {
                System.out.println(server.description());
            } catch (RuntimeException e) {
                System.out.println(e);
                System.out.println(e.getCause());
            }
        }
    }
}
