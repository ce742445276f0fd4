// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.servers.RedisServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConnectTest {
    @Test
    void passwordInTheUriOrBesideItOpens() {
        try (var server = RedisServer.builder().password("se:cr@t").start();
                var inUri = LockClient.open(server.uri());
                var beside = LockClient.open(LockConfig.builder()
                        .uri(TestRedis.uri(server.port()))
                        .set("password", "se:cr@t")
                        .build())) {
            assertThat(inUri.lock("a").tryAcquire()).isPresent();
            assertThat(beside.lock("a").tryAcquire()).isEmpty();
        }
    }

    @Test
    void databaseIsThatOfThePath() {
        try (var server = RedisServer.start();
                var zero = LockClient.open(server.uri());
                var seven = LockClient.open(server.uri() + "/7")) {
            assertThat(zero.lock("a").tryAcquire()).isPresent();
            assertThat(seven.lock("a").tryAcquire()).isPresent();
        }
    }

    @Test
    void wrongPasswordIsRefusedAtOpenAndNotShown() {
        try (var server = RedisServer.builder().password("right").start()) {
            assertThatThrownBy(() -> LockClient.open("redis://:hush@127.0.0.1:" + server.port()))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port())
                    .hasMessageContaining("WRONGPASS")
                    .satisfies(e -> assertThat(everythingAbout(e)).doesNotContain("hush"));
        }
    }

    @Test
    void missingPasswordIsRefusedAtOpen() {
        try (var server = RedisServer.builder().password("right").start()) {
            assertThatThrownBy(() -> LockClient.open(TestRedis.uri(server.port())))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void closedPortIsRefusedAtOpenWithItsAddress() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        assertThatThrownBy(() -> LockClient.open(TestRedis.uri(closed)))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("127.0.0.1:" + closed)
                .hasMessageContaining("Connection refused");
    }

    @Test
    void serverThatSaysNothingIsGivenUpWithinTheCallTimeout() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long before = System.nanoTime();
            assertThatThrownBy(() -> LockClient.open(TestRedis.uri(silent.getLocalPort(), "callTimeout=300ms")))
                    .isInstanceOf(LockBackendException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        }
    }

    /** Old servers and proxies repeat the arguments of HELLO, password included, in their error. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:hush@127.0.0.1:PORT",
                "redis://:hush@127.0.0.1:PORT?mode=cluster",
                "redis://127.0.0.1:PORT?mode=sentinel&master=m&sentinelPassword=hush"
            })
    void passwordThatTheServerRepeatsIsNotShown(String uri) throws IOException {
        try (var parrot = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var thread =
                    new Thread(() -> parrot(parrot, "-ERR no, with args beginning with: 'AUTH' 'default' 'hush'\r\n"));
            thread.setDaemon(true);
            thread.start();
            String port = Integer.toString(parrot.getLocalPort());
            assertThatThrownBy(() -> LockClient.open(uri.replace("PORT", port)))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("***")
                    .satisfies(e -> assertThat(everythingAbout(e)).doesNotContain("hush"));
        }
    }

    @Test
    void emptyPasswordLeavesMessagesReadable() {
        assertThatThrownBy(() -> LockClient.open("redis://:@127.0.0.1:1"))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("redis at 127.0.0.1:1: connecting failed");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h:1/x, must be the number of a database",
        "redis://h:1/-1, must be the number of a database",
        "'redis://h:1,i:2/0', has 2 hosts",
        "redis://me@h:1/0, given without a password",
        "redis://h:1/0?poolSize=0, poolSize = 0",
        "redis://h:1/0?poolSize=1001, must be at most 1000",
        "redis://h:1/0?poll=0ms, poll = 0ms",
        "redis://h:1/0?recheck=2h, recheck = 2h",
        "redis://h:1/0?variant=setnx, variant",
        "redis://h:1/0?tlsTruststore=x, rediss://",
        "rediss://h:1/0?tlsTruststore=/nowhere/x.p12, can't be read",
    })
    void badSettingIsRefusedBeforeAnythingIsSent(String uri, String words) {
        assertThatThrownBy(() -> LockClient.open(uri))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(words);
    }

    @Test
    void truststorePasswordIsNotShown() {
        assertThatThrownBy(
                        () -> LockClient.open("rediss://h:1/0?tlsTruststore=/etc/hostname&tlsTruststorePassword=hush"))
                .isInstanceOf(LockConfigException.class)
                .satisfies(e -> assertThat(everythingAbout(e)).doesNotContain("hush"));
    }

    private static void parrot(ServerSocket listener, String reply) {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                var buffer = new byte[4096];
                while (socket.getInputStream().read(buffer) >= 0) {
                    socket.getOutputStream().write(reply.repeat(4).getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException hungUp) {
                // the client, or the end of the test
            }
        }
    }

    private static String everythingAbout(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text + e.toString();
    }
}
