// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ZooKeeperServerTest {
    @AutoClose
    private final ZooKeeperServer server = ZooKeeperServer.start();

    @Test
    void startedServerAnswers() throws Exception {
        try (var handle = ZooKeeperHandle.connect(server.address())) {
            handle.create("/node");
            assertThat(handle.exists("/node")).isTrue();
        }
        assertThat(server.uri("session=2s")).isEqualTo("zookeeper://127.0.0.1:" + server.port() + "?session=2s");
    }

    @Test
    void describesWhatRunsAndWhere() {
        assertThat(server.description()).matches("ZooKeeper 3\\.9\\.\\d+, .+");
        assertThat(server.ask("srvr")).contains(server.description().replaceAll("ZooKeeper ([^,]+),.*", "$1"));
    }

    @Test
    void isReachedOnLoopbackOnly() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        for (InetAddress address : others) {
            try (var socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, server.port()), 1_000))
                        .as("%s", address)
                        .isInstanceOf(java.io.IOException.class);
            }
        }
    }

    @Test
    void killedServerComesBackOnTheSamePortWithItsData() throws Exception {
        int port = server.port();
        try (var handle = ZooKeeperHandle.connect(server.address())) {
            handle.create("/kept");
        }
        server.kill();
        assertThat(server.isAlive()).isFalse();
        assertThatThrownBy(() -> server.ask("ruok")).isInstanceOf(UncheckedIOException.class);

        server.restart();
        assertThat(server.port()).isEqualTo(port);
        assertThat(ZooKeeperHandle.existsAt(server.address(), "/kept")).isTrue();
    }

    @Test
    void emptyRestartForgetsEverything() throws Exception {
        try (var handle = ZooKeeperHandle.connect(server.address())) {
            handle.create("/forgotten");
        }
        server.restartEmpty();
        assertThat(ZooKeeperHandle.existsAt(server.address(), "/forgotten")).isFalse();
        server.kill();
        server.restartEmpty();
        assertThat(server.ask("ruok")).isEqualTo("imok");
    }

    @Test
    void pausedServerIsSilentAndAnswersOnResume() {
        server.pause();
        assertThatThrownBy(() -> server.ask("ruok")).isInstanceOf(UncheckedIOException.class);
        assertThat(server.isAlive()).isTrue();
        server.resume();
        assertThat(server.ask("ruok")).isEqualTo("imok");
    }

    @Test
    void killEndsAPausedServerAndAnEndedOneGetsNoSignals() {
        server.pause();
        server.kill();
        server.kill();
        assertThat(server.isAlive()).isFalse();
        assertThatThrownBy(server::pause)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void emptyContainersAreRemovedAsOftenAsAsked() throws Exception {
        try (var brisk = ZooKeeperServer.builder()
                        .containerCheck(Duration.ofMillis(100))
                        .start();
                var handle = ZooKeeperHandle.connect(brisk.address())) {
            handle.create("/box", CreateMode.CONTAINER);
            handle.create("/box/child");
            handle.client().delete("/box/child", -1);
            await().until(() -> !handle.exists("/box"));
        }
    }

    @Test
    void sessionsMayBeShortAndLong() throws Exception {
        try (var handle = ZooKeeperHandle.connect(server.address())) {
            assertThat(handle.client().getSessionTimeout()).isEqualTo(5_000);
        }
        assertThat(server.ask("conf")).contains("maxSessionTimeout=60000");
    }

    @Test
    void countersAreTheServersOwn() throws Exception {
        long before = server.counter("zk_packets_received");
        try (var handle = ZooKeeperHandle.connect(server.address())) {
            handle.create("/counted");
        }
        assertThat(server.counter("zk_packets_received")).isGreaterThan(before + 2);
        assertThatThrownBy(() -> server.counter("zk_no_such"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("zk_no_such");
    }

    @Test
    void takenPortIsToldWithTheLog() throws Exception {
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find()));
            assertThatThrownBy(ZooKeeperServer.builder().port(taken.getLocalPort())::start)
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void closeOnAnInterruptedThreadLeavesNothing() {
        Thread.currentThread().interrupt();
        server.close();
        assertThat(Thread.interrupted()).as("interruption is kept").isTrue();
        assertThat(server.isAlive()).isFalse();
        assertThat(server.folder()).doesNotExist();
    }
}
