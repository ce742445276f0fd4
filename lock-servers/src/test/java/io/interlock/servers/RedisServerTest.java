// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RedisServerTest {
    @AutoClose
    private final RedisServer server = RedisServer.start();

    @Test
    void startedServerAnswers() throws IOException {
        assertThat(RawRedis.askOnce(server, "PING")).isEqualTo("+PONG");
        assertThat(server.uri()).isEqualTo("redis://127.0.0.1:" + server.port());
        assertThat(server.uri("variant=lua")).isEqualTo(server.uri() + "?variant=lua");
    }

    @Test
    void describesWhatRunsAndWhere() throws IOException {
        try (var redis = RawRedis.connect(server)) {
            redis.ask("INFO server");
            redis.answer();
            String version = redis.answer().replace("redis_version:", "");
            assertThat(server.description())
                    .startsWith("Redis " + version + ", ")
                    .hasSizeGreaterThan(10);
        }
    }

    @Test
    void isReachedOnLoopbackOnly() throws IOException {
        for (InetAddress address : localAddressesBesideLoopback()) {
            assertThatThrownBy(() -> connect(address)).as("%s", address).isInstanceOf(IOException.class);
        }
    }

    @Test
    void killedServerForgetsAndComesBackOnTheSamePort() throws IOException {
        int port = server.port();
        RawRedis.askOnce(server, "SET key value");

        server.kill();
        assertThat(server.isAlive()).isFalse();
        assertThatThrownBy(() -> RawRedis.askOnce(server, "PING")).isInstanceOf(IOException.class);

        server.restart();
        assertThat(server.port()).isEqualTo(port);
        assertThat(RawRedis.askOnce(server, "GET key")).isEqualTo("$-1");
    }

    @Test
    void restartKeepsWhatASettingSaves() throws IOException {
        try (var durable = RedisServer.builder()
                .setting("appendonly yes")
                .setting("appendfsync always")
                .start()) {
            RawRedis.askOnce(durable, "SET key value");
            durable.kill();
            durable.restart();
            durable.restart();
            assertThat(RawRedis.askOnce(durable, "GET key")).isEqualTo("$5");
        }
    }

    @Test
    void pausedServerIsSilentAndAnswersOnResume() throws IOException {
        try (var redis = RawRedis.connect(server)) {
            server.pause();
            assertThatThrownBy(() -> redis.ask("PING")).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.isAlive()).isTrue();
            server.resume();
            assertThat(redis.answer()).isEqualTo("+PONG");
        }
    }

    @Test
    void resumeLeavesARunningServerAsItIsAndPauseAPausedOne() throws IOException {
        server.resume();
        server.pause();
        server.pause();
        server.resume();
        assertThat(RawRedis.askOnce(server, "PING")).isEqualTo("+PONG");
    }

    @Test
    void killEndsAPausedServerAndAnEndedOneStaysEnded() {
        server.pause();
        server.kill();
        server.kill();
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void restartWakesAPausedServer() throws IOException {
        server.pause();
        server.restart();
        assertThat(RawRedis.askOnce(server, "PING")).isEqualTo("+PONG");
    }

    @Test
    void closedServerIsGoneWithItsFolderAndStaysClosed() {
        server.pause();
        assertThat(server.folder()).exists();
        server.close();
        server.close();
        assertThat(server.isAlive()).isFalse();
        assertThat(server.folder()).doesNotExist();
        assertThatThrownBy(server::restart).isInstanceOf(IllegalStateException.class);
    }

    /** Signals go to a number, which another process may have by then. */
    @Test
    void endedServerGetsNoSignals() {
        server.kill();
        assertThatThrownBy(server::pause)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
        assertThatThrownBy(server::resume)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void closeOnAnInterruptedThreadLeavesNothing() {
        Thread.currentThread().interrupt();
        server.close();
        assertThat(Thread.interrupted()).as("interruption is kept").isTrue();
        assertThat(server.isAlive()).isFalse();
        assertThat(server.folder()).doesNotExist();
    }

    @Test
    void passwordIsAskedForAndIsInTheUri() throws IOException {
        try (var guarded = RedisServer.builder().password("s3cret/x").start()) {
            assertThat(RawRedis.askOnce(guarded, "PING")).startsWith("-NOAUTH");
            assertThat(guarded.uri()).isEqualTo("redis://:s3cret%2Fx@127.0.0.1:" + guarded.port());
        }
    }

    @Test
    void takenPortAndBadSettingAreToldWithTheLog() throws IOException {
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find()));
            var onTaken = RedisServer.builder().port(taken.getLocalPort());
            assertThatThrownBy(onTaken::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
        var bad = RedisServer.builder().setting("no-such-setting 1");
        assertThatThrownBy(bad::start).hasMessageContaining("no-such-setting");
    }

    private void connect(InetAddress address) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, server.port()), 1_000);
        }
    }

    private static List<InetAddress> localAddressesBesideLoopback() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
    }
}
