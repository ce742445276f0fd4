// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next start does about the processes of other JVMs. The owner here is a real JVM, which is really killed. */
class StaleServersTest {
    @TempDir
    private Path temp;

    private Process owner;
    private ProcessHandle server;
    private Path folder;

    @BeforeEach
    void startAServerInAnotherJvm() throws IOException {
        owner = OtherJvm.running(Owner.class, temp, "-Dlock.tck.servers=process")
                .start();
        BufferedReader told = owner.inputReader();
        server = ProcessHandle.of(Long.parseLong(told.readLine())).orElseThrow();
        folder = Path.of(told.readLine());
    }

    @AfterEach
    void endAll() throws InterruptedException {
        owner.destroyForcibly().waitFor();
        server.destroyForcibly();
    }

    @Test
    void orphanIsEndedByTheNextStart() throws Exception {
        owner.destroyForcibly().waitFor();
        assertThat(server.isAlive()).as("server outlives its killed JVM").isTrue();

        startSomething();

        // nothing runs any more; isAlive() is true until the first process of the system has taken notice
        assertThat(server.info().command()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void serverOfALivingJvmIsLeftAlone() throws IOException {
        startSomething();
        assertThat(server.isAlive()).isTrue();
        assertThat(folder).exists();
    }

    @Test
    void foreignProcessIsLeftAloneEvenIfItNamesTheFolder() throws Exception {
        owner.destroyForcibly().waitFor();
        Process foreign = new ProcessBuilder("sh", "-c", "sleep 60; : " + folder.resolve("redis.conf")).start();
        try {
            startSomething();
            assertThat(foreign.isAlive()).isTrue();
        } finally {
            foreign.descendants().forEach(ProcessHandle::destroyForcibly);
            foreign.destroyForcibly();
        }
    }

    @Test
    void normalExitOfTheJvmEndsTheServer() throws Exception {
        owner.outputWriter().close();
        assertThat(owner.waitFor(20, TimeUnit.SECONDS)).isTrue();
        await().until(() -> !server.isAlive());
        assertThat(folder).doesNotExist();
    }

    /** The folder of the user, as the other JVM sees it: two levels above the server's own. */
    private void startSomething() throws IOException {
        try (var run = ServerHome.at(folder.resolve("../..")).newRun("other")) {
            assertThat(Files.exists(run.path())).isTrue();
        }
    }

    /** Starts a server, tells its pid and folder, and exits at the end of its input without closing it. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws IOException {
            RedisServer redis = RedisServer.start();
            System.out.println(redis.pid());
            System.out.println(redis.folder());
            System.in.readAllBytes();
            System.exit(0);
        }
    }
}
