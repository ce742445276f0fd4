// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the next start does about the containers of other JVMs. The owner here is a real JVM, which is really killed. */
@EnabledIfSystemProperty(named = "lock.tck.servers", matches = "docker", disabledReason = "containers not asked for")
class StaleContainersTest {
    @TempDir
    private Path temp;

    private final DockerClient docker = Docker.client();
    private Process owner;
    private Path folder;

    @BeforeEach
    void startAServerInAnotherJvm() throws IOException {
        owner = OtherJvm.running(Owner.class, temp, "-Dlock.tck.servers=docker")
                .redirectError(temp.resolve("errors").toFile())
                .start();
        folder = Path.of(owner.inputReader().readLine());
    }

    @AfterEach
    void endAll() throws InterruptedException {
        owner.destroyForcibly().waitFor();
        containers().forEach(container -> Docker.remove(docker, container.getId()));
    }

    @Test
    void orphanIsRemovedByTheNextStart() throws Exception {
        owner.destroyForcibly().waitFor();
        assertThat(containers()).as("container outlives its killed JVM").hasSize(1);
        sweep();
        assertThat(containers()).isEmpty();
    }

    /** A start of a process may have swept the folder before. */
    @Test
    void orphanWithoutItsFolderIsRemovedToo() throws Exception {
        owner.destroyForcibly().waitFor();
        RunFolder.delete(folder);
        sweep();
        assertThat(containers()).isEmpty();
    }

    @Test
    void containerOfALivingJvmIsLeftAlone() throws IOException {
        sweep();
        assertThat(containers()).hasSize(1);
    }

    @Test
    void containerOfAnotherHomeIsLeftAlone(@TempDir Path other) throws Exception {
        owner.destroyForcibly().waitFor();
        StaleContainers.sweep(docker, ServerHome.at(other.resolve("home")));
        assertThat(containers()).hasSize(1);
    }

    @Test
    void normalExitOfTheJvmRemovesTheContainer() throws Exception {
        owner.outputWriter().close();
        assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(containers()).isEmpty();
        assertThat(folder).doesNotExist();
        assertThat(temp.resolve("errors")).content().doesNotContain("Exception in thread");
    }

    /** The home of the user, as the other JVM sees it: two levels above the server's own folder. */
    private void sweep() throws IOException {
        StaleContainers.sweep(docker, ServerHome.at(folder.getParent().getParent()));
    }

    private List<Container> containers() {
        return docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(StaleContainers.FOLDER, folder.toString()))
                .exec();
    }

    /** Starts a server, tells its folder, and exits at the end of its input without closing it. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws IOException {
            System.out.println(RedisServer.start().folder());
            System.in.readAllBytes();
            System.exit(0);
        }
    }
}
