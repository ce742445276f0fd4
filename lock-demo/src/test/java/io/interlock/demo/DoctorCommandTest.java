// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.servers.RedisServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    @AutoClose
    private final RedisServer redis = RedisServer.start();

    @Test
    void aStoreWithoutErrorsIsFit() {
        Cli cli = Cli.run("doctor", "--uri", redis.uri());
        assertThat(cli.exitCode()).isZero();
        assertThat(cli.err()).isEmpty();
        assertThat(cli.out().lines().toList().get(0)).startsWith("WARNING  ");
        assertThat(cli.out().lines().toList().get(1)).startsWith("         what to do: ");
        assertThat(cli.out())
                .contains("INFO     Redis ")
                .endsWith(System.lineSeparator() + "no errors, 1 warning" + System.lineSeparator());
    }

    @Test
    void strictlySpeakingAWarningIsAnError() {
        assertThat(Cli.run("doctor", "--strict", "--uri", redis.uri()).exitCode())
                .isEqualTo(1);
    }

    @Test
    void aStoreThatMayThrowLocksAwayIsNotFit() {
        Cli cli;
        try (var evicting = RedisServer.builder()
                .setting("maxmemory 100mb")
                .setting("maxmemory-policy allkeys-lru")
                .start()) {
            cli = Cli.run("doctor", "--uri", evicting.uri());
        }
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.out().lines().toList().get(0))
                .isEqualTo("ERROR    the server may throw held locks away when its memory is full"
                        + " (maxmemory-policy = allkeys-lru)");
        assertThat(cli.out()).contains("1 error, 1 warning");
    }

    @Test
    void aStoreThatIsNotThereIsAComplaintAndNoFinding() {
        int port = redis.port();
        redis.close();
        Cli cli = Cli.run("doctor", "--uri", "redis://127.0.0.1:" + port);
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).contains("127.0.0.1:" + port);
    }
}
