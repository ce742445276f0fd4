// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for a ZooKeeper in a process of this machine, whatever the other tests run on. */
class ZooKeeperProcessTest {
    @AutoClose
    private final ZooKeeperServer server =
            ZooKeeperServer.builder().in(ServerMode.PROCESS).start();

    @Test
    void descriptionSaysProcess() {
        assertThat(server.description()).isEqualTo("ZooKeeper 3.9.5, process");
    }

    /** Else an orphan of a killed JVM is there for ever. */
    @Test
    void sweepKnowsTheProcess() throws IOException {
        var process = ProcessHandle.of(server.pid()).orElseThrow();
        assertThat(RunFolder.isServerOf(server.folder(), process)).isTrue();
        assertThat(RunFolder.isServerOf(server.folder(), ProcessHandle.current()))
                .isFalse();
    }

    @Test
    void settingCanNotOpenTheServerToTheNetwork() throws IOException {
        try (var open = ZooKeeperServer.builder()
                .in(ServerMode.PROCESS)
                .setting("clientPortAddress=0.0.0.0")
                .start()) {
            assertThat(Files.readAllLines(open.folder().resolve("zoo.cfg"))).endsWith("clientPortAddress=127.0.0.1");
            assertThat(open.ask("conf")).contains("clientPort=" + open.port());
        }
    }

    @Test
    void tickIsTheShortestSessionsHalf() {
        try (var slow = ZooKeeperServer.builder()
                .in(ServerMode.PROCESS)
                .tick(Duration.ofMillis(700))
                .start()) {
            assertThat(slow.ask("conf")).contains("tickTime=700", "minSessionTimeout=1400");
        }
    }

    @Test
    void badSettingIsToldWithTheLog() {
        var bad = ZooKeeperServer.builder().in(ServerMode.PROCESS).setting("tickTime=never");
        assertThatThrownBy(bad::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ZooKeeper did not start")
                .hasMessageContaining("never");
    }

    /** It is refused, sent away, or answered. */
    @Test
    @Timeout(60)
    void clientThatComesWhileItStartsIsNotLeftWaiting() throws Exception {
        server.kill();
        var restart = CompletableFuture.runAsync(server::restart);
        int sentAway = 0;
        while (!restart.isDone()) {
            try (var socket = new Socket(server.host(), server.port())) {
                socket.setSoTimeout(10_000);
                if (EarlyConnectionsTest.firstByteOfAnswer(socket) < 0) {
                    sentAway++;
                }
            } catch (ConnectException refused) {
                Thread.onSpinWait();
            }
        }
        restart.get();
        assertThat(sentAway).as("clients that came too early").isPositive();
    }

    @Test
    void closeEndsEvenAPausedProcess() {
        server.pause();
        long pid = server.pid();
        server.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }
}
