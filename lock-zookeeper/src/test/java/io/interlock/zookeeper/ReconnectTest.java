// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.servers.ZooKeeperServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a call does while there is no connection. */
class ReconnectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    @AutoClose
    private final ZooKeeperServer server = ZooKeeperServer.start();

    @Test
    void aCallWaitsForTheConnectionInItsTime() throws Exception {
        var options =
                ZooKeeperOptions.defaults().withTickTime(Duration.ofMillis(100)).withCallTimeout(PATIENCE);
        try (var framework =
                CuratorFrameworkFactory.newClient(server.address(), 30_000, 15_000, new RetryOneTime(100))) {
            framework.start();
            LockClient client = LockClient.of(
                    ZooKeeperLocks.backend(framework, options),
                    LockConfig.builder()
                            .set("callTimeout", PATIENCE.toSeconds() + "s")
                            .build());
            client.lock("job").acquire().release();
            server.kill();
            await().until(() -> !framework.getZookeeperClient().isConnected());
            var caller = new AtomicReference<Thread>();
            var attempt = CompletableFuture.supplyAsync(() -> {
                caller.set(Thread.currentThread());
                return client.lock("job").tryAcquire();
            });
            await().until(() -> attempt.isDone()
                    || (caller.get() != null && caller.get().getState() == Thread.State.TIMED_WAITING));
            server.restart();
            Optional<Lease> lease = attempt.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(lease).isPresent();
            lease.get().release();
            client.close();
        }
    }

    /** The session goes on with the application's client, and would keep the node. */
    @Test
    void whatIsHeldWhenTheClientClosesWithoutAConnectionIsDeletedByTheApplicationsClient() throws Exception {
        var options = ZooKeeperOptions.defaults().withTickTime(Duration.ofMillis(100));
        try (var framework =
                CuratorFrameworkFactory.newClient(server.address(), 30_000, 15_000, new RetryOneTime(100))) {
            framework.start();
            LockClient client = LockClient.of(ZooKeeperLocks.backend(framework, options));
            client.lock("job").acquire();
            server.kill();
            await().until(() -> !framework.getZookeeperClient().isConnected());
            client.close();
            server.restart();
            await().atMost(PATIENCE).until(() -> framework.getZookeeperClient().isConnected());
            String lock = LockPaths.of("/interlock", "default", "job").lock();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(KeeperException.class)
                    .until(() -> framework.checkExists().forPath(lock) == null
                            || framework.getChildren().forPath(lock).isEmpty());
        }
    }

    @Test
    void aCallEndsInItsTimeWhereNoConnectionComes() throws Exception {
        try (LockClient client = LockClient.open(server.uri("session=30s&tickTime=100ms&callTimeout=1s"))) {
            server.kill();
            // the client may take a moment to notice, and its request is then lost on the way
            await().untilAsserted(() -> assertNotConnected(client));
            long start = System.nanoTime();
            assertNotConnected(client);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
        }
    }

    private static void assertNotConnected(LockClient client) {
        assertThatThrownBy(() -> client.lock("job").tryAcquire())
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("not connected");
    }
}
