// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.LockClient;
import io.interlock.servers.ZooKeeperServer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * What one acquire and release costs the server by its own counters, beside what Curator's {@code InterProcessMutex} costs
 * in the same run.
 */
@Timeout(300) // a disk that is slow to confirm makes it slow
class CostTest {
    private static final int CROWD = 8;
    private static final int ALONE_PAIRS = 500;
    private static final int CROWD_PAIRS = 60;
    private static final int WARM_UP_PAIRS = 100;

    @AutoClose
    private final ZooKeeperServer server = ZooKeeperServer.start();

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void costsNoMoreThanCuratorsMutex(TestReporter reporter) throws Exception {
        cost(1, WARM_UP_PAIRS, this::ours);
        cost(1, WARM_UP_PAIRS, this::curators);
        Cost ours = cost(1, ALONE_PAIRS, this::ours);
        Cost curators = cost(1, ALONE_PAIRS, this::curators);
        Cost oursInACrowd = cost(CROWD, CROWD_PAIRS, this::ours);
        Cost curatorsInACrowd = cost(CROWD, CROWD_PAIRS, this::curators);

        reporter.publishEntry("uncontended, ours", ours.toString());
        reporter.publishEntry("uncontended, Curator's", curators.toString());
        reporter.publishEntry(CROWD + " clients, ours", oursInACrowd.toString());
        reporter.publishEntry(CROWD + " clients, Curator's", curatorsInACrowd.toString());

        // a create and a transaction that deletes the node and numbers the next one
        assertThat(ours.transactions()).isBetween(2.0, 2.2);
        assertThat(oursInACrowd.transactions()).isBetween(2.0, 2.2);
        assertThat(ours.transactions()).isLessThan(curators.transactions() + 0.2);
        assertThat(ours.requests()).isLessThan(curators.requests() + 2);
        assertThat(oursInACrowd.requests()).isLessThan(curatorsInACrowd.requests() + 3);
    }

    /** Of one acquire and release. */
    private record Cost(double requests, double transactions, double fsyncs, double millis) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.2f requests, %.2f transactions, %.2f fsyncs, %.2f ms a pair",
                    requests,
                    transactions,
                    fsyncs,
                    millis);
        }
    }

    /** A client that takes and gives back one lock. */
    private interface User {
        void pair() throws Exception;
    }

    private User ours() {
        var client = keep(LockClient.open(server.uri("session=30s&tickTime=100ms")));
        var lock = client.lock("measured");
        return () -> lock.acquire().release();
    }

    private User curators() throws InterruptedException {
        CuratorFramework client =
                keep(CuratorFrameworkFactory.newClient(server.address(), 30_000, 15_000, new RetryOneTime(100)));
        client.start();
        client.blockUntilConnected();
        var mutex = new InterProcessMutex(client, "/measured");
        return () -> {
            mutex.acquire();
            mutex.release();
        };
    }

    private Cost cost(int clients, int pairs, Callable<User> connect) throws Exception {
        var users = new ArrayList<User>();
        for (int i = 0; i < clients; i++) {
            User user = connect.call();
            user.pair(); // parents are made, classes are loaded
            users.add(user);
        }
        long requests = server.counter("zk_packets_received");
        long transactions = transactions();
        long fsyncs = server.counter("zk_cnt_fsynctime");
        long start = System.nanoTime();
        run(users, pairs);
        double all = (double) clients * pairs;
        double millis = (System.nanoTime() - start) / 1e6 / all;
        return new Cost(
                // three questions were asked since
                (server.counter("zk_packets_received") - requests - 3) / all,
                (transactions() - transactions) / all,
                (server.counter("zk_cnt_fsynctime") - fsyncs) / all,
                millis);
    }

    private static void run(List<User> users, int pairs) throws Exception {
        var threads = Executors.newFixedThreadPool(users.size());
        try {
            var done = new ArrayList<Future<?>>();
            for (User user : users) {
                done.add(threads.submit(() -> {
                    for (int i = 0; i < pairs; i++) {
                        user.pair();
                    }
                    return user;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private long transactions() {
        return server.ask("srvr")
                .lines()
                .filter(line -> line.startsWith("Zxid: 0x"))
                .mapToLong(line -> Long.parseLong(line.substring("Zxid: 0x".length()), 16) & 0xFFFF_FFFFL)
                .findFirst()
                .orElseThrow();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }
}
