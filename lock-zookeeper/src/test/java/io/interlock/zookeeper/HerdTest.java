// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.servers.ZooKeeperServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twenty waiters of twenty clients, seen from the server: its watches, its notifications, its requests. */
class HerdTest {
    private static final int WAITERS = 20;
    private static final String NAME = "crowded";
    private static final String LOCK =
            LockPaths.of("/interlock", "default", NAME).lock();

    @AutoClose
    private final ZooKeeperServer server = ZooKeeperServer.start();

    private final List<LockClient> clients = new ArrayList<>();
    private final Queue<Lease> granted = new ConcurrentLinkedQueue<>();

    @AfterEach
    void closeClients() {
        clients.forEach(LockClient::close);
    }

    @Test
    @Tag("Z.02")
    void eachWaiterWatchesItsPredecessorAndNothingElse() {
        crowd();
        List<String> watched = watchedPaths();
        assertThat(watched)
                .hasSize(WAITERS)
                .doesNotHaveDuplicates()
                .allMatch(path -> path.startsWith(LOCK + "/lease-"));
    }

    @Test
    @Tag("Z.02")
    void oneReleaseWakesOneWaiter() {
        Lease held = crowd();
        for (int round = 1; round <= WAITERS; round++) {
            long notified = server.counter("zk_sum_node_deleted_watch_count");
            held.release();
            await().until(() -> !granted.isEmpty());
            held = granted.remove();
            assertThat(server.counter("zk_sum_node_deleted_watch_count") - notified)
                    .as("notifications after release %s", round)
                    .isEqualTo(1);
            assertThat(granted).isEmpty();
        }
        held.release();
        assertThat(server.counter("zk_sum_node_children_watch_count"))
                .as("watches on the lock's own node")
                .isZero();
        await().untilAsserted(() -> assertThat(watchedPaths()).isEmpty());
    }

    /** What the release and the next grant cost does not grow with those who go on waiting. */
    @Test
    void requestsOfAReleaseDoNotGrowWithTheWaiters() {
        Lease held = crowd();
        long fewest = Long.MAX_VALUE;
        for (int round = 1; round <= WAITERS / 4; round++) {
            long before = server.counter("zk_packets_received");
            held.release();
            await().until(() -> !granted.isEmpty());
            long requests = server.counter("zk_packets_received") - before - 1; // the second question
            fewest = Math.min(fewest, requests);
            held = granted.remove();
        }
        held.release();
        // the release, the next one's look, its watch's removal; a sign of life may fall into a round, not into all
        // five
        assertThat(fewest).isLessThan(WAITERS / 2);
    }

    /** {@return what the first one holds, for which twenty others queue} */
    private Lease crowd() {
        Lease held = client().lock(NAME).tryAcquire().orElseThrow();
        for (int i = 1; i <= WAITERS; i++) {
            client().lock(NAME).acquireAsync().thenAccept(granted::add);
            int queued = i;
            await().until(() -> watchedPaths().size() == queued);
        }
        return held;
    }

    private LockClient client() {
        var client = LockClient.open(server.uri("session=30s&tickTime=100ms"));
        clients.add(client);
        return client;
    }

    /** One line for each watch. */
    private List<String> watchedPaths() {
        var paths = new ArrayList<String>();
        String path = "";
        for (String line : server.ask("wchp").lines().toList()) {
            if (line.startsWith("/")) {
                path = line;
            } else if (Pattern.matches("\\s*0x[0-9a-f]+", line)) {
                paths.add(path);
            }
        }
        return paths;
    }
}
