// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What holds for a server in a process of this machine, whatever the other tests run on. */
class RedisProcessTest {
    @AutoClose
    private final RedisServer server =
            RedisServer.builder().in(ServerMode.PROCESS).start();

    @Test
    void descriptionSaysProcess() {
        assertThat(server.description()).isEqualTo("Redis 7.0.15, process");
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        assertThat(boundTo(server)).isEqualTo("127.0.0.1");
    }

    @Test
    void settingCanNotOpenTheServerToTheNetwork() throws IOException {
        try (var open = RedisServer.builder()
                .in(ServerMode.PROCESS)
                .setting("bind 0.0.0.0")
                .start()) {
            assertThat(boundTo(open)).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void restartedServerIsAnotherProcess() {
        long pid = server.pid();
        server.kill();
        server.restart();
        assertThat(server.pid()).isNotEqualTo(pid);
    }

    @Test
    void closeEndsEvenAPausedProcess() {
        server.pause();
        long pid = server.pid();
        server.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void closeOnAnInterruptedThreadEndsTheProcess() {
        long pid = server.pid();
        Thread.currentThread().interrupt();
        server.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void refusedSignalNamesThePid() {
        server.kill();
        assertThatThrownBy(server::pause).hasMessageContaining("pid " + server.pid());
    }

    @Test
    void passwordIsNotInTheCommandLine() {
        try (var guarded =
                RedisServer.builder().in(ServerMode.PROCESS).password("s3cret").start()) {
            assertThat(ProcessHandle.of(guarded.pid()).orElseThrow().info().commandLine())
                    .hasValueSatisfying(line -> assertThat(line).doesNotContain("s3cret"));
        }
    }

    private static String boundTo(RedisServer server) throws IOException {
        try (var redis = RawRedis.connect(server)) {
            redis.ask("CONFIG GET bind");
            return List.of(redis.answer(), redis.answer(), redis.answer(), redis.answer())
                    .get(3);
        }
    }
}
