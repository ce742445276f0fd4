// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.servers.MariaDbServer;
import io.interlock.servers.MySqlServer;
import io.interlock.servers.SqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a pair of acquire and release costs, and what becomes of deadlocks, on servers that write as they do by themselves.
 * The numbers go to {@code target/costs.txt}; {@code -Dinterlock.cycles=10000} makes them those of a long run.
 */
@Timeout(900)
class CostTest {
    private static final int CYCLES = Integer.getInteger("interlock.cycles", 80);
    private static final int CONTENDERS = 8;
    private static final MysqlOptions OPTIONS = MysqlOptions.defaults()
            .withSchema(MysqlOptions.Schema.CREATE)
            // so that nothing but the locks is counted
            .withPurge(Duration.ofDays(1));

    private final CountingSource counting = new CountingSource();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    static Stream<Arguments> servers() {
        return Stream.of(MysqlOptions.Variant.values())
                .flatMap(variant -> Stream.of("mariadb", "mysql8")
                        .filter(server -> server.equals("mariadb") || Boolean.getBoolean(SqlTck.MYSQL8))
                        .map(server -> Arguments.of(server, variant)));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aPairOfAKnownNameTakesFiveStatementsOrThree(String kind, MysqlOptions.Variant variant) throws Exception {
        SqlServer server = keep(start(kind));
        var status = keep(new ServerStatus(server));
        DistributedLock lock = client(server, variant).lock("known");
        cycle(lock);
        counting.reset();
        Map<String, Long> before = status.counters();
        for (int i = 0; i < CYCLES; i++) {
            cycle(lock);
        }
        Map<String, Long> spent = status.since(before);
        report(server, variant, CYCLES + " pairs alone: statements " + counting.statements() + ", server " + spent);
        long n = CYCLES;
        assertThat(counting.statements())
                .isEqualTo(
                        variant == MysqlOptions.Variant.ROW
                                ? Map.of("SELECT", n, "UPDATE", 2 * n)
                                : Map.of("SELECT", n, "INSERT", n, "UPDATE", 2 * n, "DELETE", n));
        assertThat(counting.errors()).isEmpty();
        assertThat(spent.get("Com_commit") + spent.get("Com_begin")).isZero();
    }

    /** Each of them was tried again, whether it hit an INSERT or a DELETE: no call failed, and nobody else has the lock. */
    @ParameterizedTest
    @MethodSource("servers")
    void deadlocksOfEightContendersAreTriedAgain(String kind, MysqlOptions.Variant variant) throws Exception {
        SqlServer server = keep(start(kind));
        List<DistributedLock> locks = Stream.generate(
                        () -> client(server, variant).lock("hot"))
                .limit(CONTENDERS)
                .toList();
        counting.reset();
        long start = System.nanoTime();
        for (var contender : locks.stream().map(CostTest::contend).toList()) {
            contender.get(); // or throws what its call has thrown
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        report(
                server,
                variant,
                CYCLES + " cycles of " + CONTENDERS + " contenders in " + millis + " ms, no call failed: statements "
                        + counting.statements() + ", errors " + counting.errors());
        assertThat(counting.errors().keySet())
                .as("deadlocks, lost inserts, and nothing else")
                .isSubsetOf("INSERT 1213", "INSERT 1062", "DELETE 1213", "UPDATE 1213");
        if (variant == MysqlOptions.Variant.ROW) {
            assertThat(counting.errors().keySet()).doesNotContain("UPDATE 1213", "DELETE 1213");
        }
        Lease last = locks.get(0).tryAcquire().orElseThrow();
        assertThat(last.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    private static CompletableFuture<Void> contend(DistributedLock lock) {
        return CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < CYCLES / CONTENDERS; i++) {
                        cycle(lock);
                    }
                },
                task -> new Thread(task, "contender").start());
    }

    private static void cycle(DistributedLock lock) {
        try {
            lock.acquire().release();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SqlServer start(String kind) {
        return (kind.equals("mariadb") ? MariaDbServer.builder() : MySqlServer.builder())
                .durable()
                .start();
    }

    private LockClient client(SqlServer server, MysqlOptions.Variant variant) {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:mariadb://127.0.0.1:" + server.port() + "/" + SqlServer.DATABASE);
        config.setUsername(SqlServer.USER);
        config.setPassword(SqlServer.PASSWORD);
        config.setMaximumPoolSize(2);
        var pool = keep(new HikariDataSource(config));
        return keep(LockClient.of(MysqlLocks.backend(counting.around(pool), OPTIONS.withVariant(variant))));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    private static void report(SqlServer server, MysqlOptions.Variant variant, String line) throws IOException {
        Path folder = Files.createDirectories(Path.of("target"));
        Files.writeString(
                folder.resolve("costs.txt"),
                server.description() + ", " + variant.text() + ", " + line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
