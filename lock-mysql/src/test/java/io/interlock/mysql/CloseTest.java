// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.attempt;
import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.newOwner;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.servers.SqlServer;
import io.interlock.spi.LockBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client leaves behind, and what it costs to have one. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.TestServer#all")
class CloseTest {
    @Parameter
    TestServer place;

    private TestDatabase database;

    @BeforeEach
    void open() {
        database = new TestDatabase(place);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void closedBackendLeavesNoConnectionAndNoThread() throws InterruptedException {
        LockBackend backend = database.backend();
        grant(backend, request("a"));
        assertThat(connections()).isPositive();
        backend.close();
        backend.close();
        await().until(() -> connections() == 0);
        await().until(() -> threads().isEmpty());
        assertThatThrownBy(() -> attempt(backend, request("a"), newOwner())).isInstanceOf(LockBackendException.class);
    }

    @Test
    void threadsOfAnOpenBackendAreDaemons() throws InterruptedException {
        grant(database.backend(), request("a"));
        grant(database.started(MysqlLocks.backend(new PlainSource(database::connect))), request("b"));
        assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
    }

    @Test
    void closingEndsInTimeWhileTheServerStandsStill() throws InterruptedException {
        LockBackend backend = database.backend("callTimeout=1s");
        grant(backend, request("a"));
        database.server().pause();
        assertThatThrownBy(() -> attempt(backend, request("b", Spi.LEASE, Duration.ofSeconds(1)), newOwner()))
                .isInstanceOf(LockBackendException.class);
        long begin = System.nanoTime();
        backend.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void callsOneAfterTheOtherNeedNoPoolFull() throws InterruptedException {
        LockBackend backend = database.backend("poolSize=5");
        for (int i = 0; i < 5; i++) {
            grant(backend, request("a")).release();
        }
        // the pool makes an idle one while the first caller waits for its own
        assertThat(connections()).isBetween(1L, 2L);
    }

    @Test
    void failedOpenLeavesNothing() {
        String uri = database.uri().replace("schema=create", "schema=verify");
        assertThatThrownBy(() -> new MysqlLockProvider().open(LockConfig.of(uri)))
                .isInstanceOf(LockBackendException.class);
        await().until(() -> connections() == 0);
        await().until(() -> threads().isEmpty());
    }

    @Test
    void nothingIsPrinted() throws InterruptedException {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            LockBackend backend = database.backend();
            grant(backend, request("a")).release();
            backend.close();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private long connections() {
        return database.number(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE user = '" + SqlServer.USER + "'");
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("interlock-mysql"))
                .toList();
    }
}
