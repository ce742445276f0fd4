// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LeaseStateChange;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.servers.ZooKeeperServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What tokens have to outlive on a real server; the rest is the simulation's. */
class TokenSurvivalTest {
    private static final String NAME = "numbered";
    private static final String LOCK =
            LockPaths.of("/interlock", "default", NAME).lock();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @AutoClose
    private final ZooKeeperServer server =
            ZooKeeperServer.builder().containerCheck(Duration.ofMillis(200)).start();

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    /** The container made anew counts its children from nought again. */
    @Test
    @Tag("Z.11")
    void tokensIncreaseOverTheRemovalOfTheContainer() throws Exception {
        LockClient client = client("");
        ZooKeeper look = look();
        long last = grants(client, 40, 0);
        for (int i = 0; i < 3; i++) {
            await().atMost(PATIENCE).until(() -> look.exists(LOCK, false) == null);
            last = grants(client, 2, last);
        }
    }

    @Test
    void tokensIncreaseOverACrashAndARestart() throws Exception {
        // long beside a restart and a reconnection on a busy machine: what is unsure for as long is lost
        LockClient client = client("", "20s");
        long last = grants(client, 10, 0);
        Lease held = client.lock(NAME).acquire(PATIENCE);
        assertThat(held.fencingToken()).isGreaterThan(last);
        var changes = new CopyOnWriteArrayList<LeaseStateChange>();
        held.onStateChange(changes::add);
        server.kill();
        server.restart();
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(LockBackendException.class) // no answer yet
                .untilAsserted(
                        () -> assertThat(held.renew(LockOptions.defaults().lease()))
                                .as("renewed after the restart, the lease having gone through %s", changes)
                                .isTrue());
        long ofHeld = held.fencingToken();
        held.release();
        grants(client, 10, ofHeld);
    }

    /** Like a swap of the backend, or the loss of all data: the clock is the floor. */
    @Test
    void tokensIncreaseOverTheLossOfAllData() throws Exception {
        long last = grants(client(""), 40, 0);
        server.restartEmpty();
        grants(client(""), 10, last);
    }

    @Test
    void persistentParentKeepsTheNumbers() throws Exception {
        LockClient client = client("&parent=persistent");
        ZooKeeper look = look();
        long last = grants(client, 3, 0);
        int counted = look.exists(LOCK, false).getCversion();
        last = grants(client, 3, last);
        assertThat(look.exists(LOCK, false).getCversion()).isGreaterThan(counted);
        assertThat(last).isPositive();
    }

    private static long grants(LockClient client, int count, long last) throws InterruptedException {
        long token = last;
        for (int i = 0; i < count; i++) {
            try (Lease lease = client.lock(NAME).acquire(PATIENCE)) {
                assertThat(lease.fencingToken()).isGreaterThan(token);
                token = lease.fencingToken();
            }
        }
        return token;
    }

    private LockClient client(String settings) {
        return client(settings, "10s");
    }

    private LockClient client(String settings, String session) {
        return keep(LockClient.open(server.uri("session=" + session + "&tickTime=100ms" + settings)));
    }

    private ZooKeeper look() throws Exception {
        return keep(new ZooKeeper(server.address(), 20_000, event -> {}));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }
}
