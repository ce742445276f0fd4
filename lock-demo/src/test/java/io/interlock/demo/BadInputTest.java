// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.servers.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every mistake gets one sentence that names it: exit code 1 for a bad value, 2 for a malformed command line. */
class BadInputTest {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.builder().password("s3cret").start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void unknownScheme() {
        holder("nosuch://localhost", "x").assertRefused(1, "nosuch", "redis");
        compare("nosuch://localhost").assertRefused(1, "nosuch", "redis");
    }

    @Test
    void malformedUriOrSetting() {
        holder("localhost", "x").assertRefused(1, "scheme://");
        holder(redis.uri("lease"), "x").assertRefused(1, "key=value");
        holder(redis.uri("lease=soon"), "x").assertRefused(1, "lease = soon");
    }

    @Test
    void unknownSetting() {
        holder(redis.uri("leese=5s"), "x").assertRefused(1, "leese");
        compare(redis.uri("leese=5s")).assertRefused(1, "leese");
    }

    @Test
    void closedPort() {
        var gone = RedisServer.start();
        gone.close();
        holder(gone.uri(), "x").assertRefused(1, "127.0.0.1:" + gone.port());
        compare(gone.uri()).assertRefused(1, "127.0.0.1:" + gone.port());
    }

    @Test
    void wrongPassword() {
        String wrong = redis.uri().replace("s3cret", "wr0ng");
        holder(wrong, "x").assertRefused(1, "password");
        assertThat(compare(wrong).err()).doesNotContain("wr0ng");
    }

    @Test
    void nameEmptyOrTooLong() {
        holder(redis.uri(), "").assertRefused(1, "name");
        holder(redis.uri(), "x".repeat(256)).assertRefused(1, "255");
    }

    @Test
    void unknownOrUnsafeVariant() {
        compare(redis.uri("variant=nosuch")).assertRefused(1, "nosuch", "lua");
        compare("broken:x?variant=holed").assertRefused(1, "holed", "allowUnsafe");
    }

    @Test
    void backendThatCanNotTellTheHolder() {
        holder("broken:x", "x").assertRefused(1, "INSPECT");
    }

    @Test
    void memoryIsNotSharedByProcesses() {
        compare("memory:x").assertRefused(1, "--workers 1");
    }

    @Test
    void malformedCommandLine() {
        Cli.run("compare", "--workers", "0").assertRefused(2, "--workers = 0", "1 to 64");
        Cli.run("compare", "--workers", "1", "--threads", "1").assertRefused(2, "--workers 1", "--threads 1", "two");
        Cli.run("compare", "--seconds", "many").assertRefused(2, "--seconds", "many");
        Cli.run("compare", "--quick", "--seconds", "3").assertRefused(2, "--quick", "--seconds");
        Cli.run("holder", "x").assertRefused(2, "--uri");
        Cli.run("holder", "x", "redis://u:s3cret@h:1", "--uri", "memory:x").assertRefused(2, "***");
        Cli.run("xyzzy").assertRefused(2, "xyzzy");
    }

    @Test
    void uriThatIsNotOnStandardInput() {
        Cli.run("compare", "--uri", "-").assertRefused(2, "--uri -", "standard input");
        Cli.runWithInput("\n\n", "holder", "--uri", "-", "x").assertRefused(2, "--uri -", "standard input");
        Cli.runWithInput("memory:a\nmemory:b\n", "holder", "--uri", "-", "x").assertRefused(2, "--uri -", "2");
        Cli.runWithInput("memory:a\n", "compare", "--uri", "-", "--uri", "-").assertRefused(2, "--uri -", "once");
    }

    @Test
    void stackTraceIsForThoseWhoAskForIt() {
        Cli cli = Cli.run("holder", "--verbose", "--uri", "nosuch:", "x");
        assertThat(cli.err()).contains("\tat io.interlock.");
    }

    @Test
    void helpIsNotAMistake() {
        assertThat(Cli.run().out()).contains("compare", "holder");
        assertThat(Cli.run().exitCode()).isZero();
        assertThat(Cli.run("compare", "--help").out()).contains("--quick").doesNotContain("DEFAULT");
        assertThat(Cli.run("compare", "--help").out()).contains("standard input", "password");
        assertThat(Cli.run("holder", "--help").out()).contains("INTERLOCK_URI", "standard input", "password");
        assertThat(Cli.run("--version").out()).startsWith("interlock ");
    }

    private static Cli holder(String uri, String name) {
        return Cli.run("holder", "--uri", uri, name);
    }

    private static Cli compare(String uri) {
        return Cli.run("compare", "--seconds", "1", "--uri", uri);
    }
}
