// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.LockClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Many who want one lock. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class ContentionTest {
    private static final int CLIENTS = 6;
    private static final int CYCLES = 25;

    @Parameter
    Bench bench;

    private TestDatabase database;
    private int unguarded; // guarded by the lock under test
    private final List<Long> tokens = new ArrayList<>(); // guarded by the lock under test

    @BeforeEach
    void open() {
        database = bench.open();
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void oneAtATimeWithGrowingTokensAndNoErrorWhateverTheDeadlocks() throws Exception {
        var clients = new ArrayList<LockClient>();
        for (int i = 0; i < CLIENTS; i++) {
            // a client each, so that the database and not the gate decides
            clients.add(database.client(bench.setting(), "poll=2ms", "poolSize=2"));
        }
        var threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<Void>> cycles = clients.stream().map(this::cycles).toList();
            for (Future<Void> done : threads.invokeAll(cycles, 80, TimeUnit.SECONDS)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(unguarded).isEqualTo(CLIENTS * CYCLES);
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
        assertThat(database.rows()).isEqualTo(bench.isInsertDelete() ? 0 : 1);
    }

    @Test
    void releaseWakesAWaiterOfTheSameClientAtOnce() throws Exception {
        LockClient client = database.client(bench.setting(), "poll=1m");
        var lease = client.lock("a").acquire();
        var waiting = client.lock("a").acquireAsync();
        // refused three times, so that the next look by itself would be long in coming
        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(5)).until(() -> !waiting.isDone());
        lease.release();
        waiting.get(20, TimeUnit.SECONDS).release();
    }

    private Callable<Void> cycles(LockClient client) {
        return () -> {
            for (int i = 0; i < CYCLES; i++) {
                try (var lease = client.lock("a").acquire(Duration.ofSeconds(60))) {
                    int before = unguarded;
                    Thread.yield();
                    unguarded = before + 1;
                    tokens.add(lease.fencingToken());
                }
            }
            return null;
        };
    }
}
