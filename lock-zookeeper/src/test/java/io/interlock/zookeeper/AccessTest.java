// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.servers.ZooKeeperServer;
import java.time.Duration;
import java.util.Collections;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Access lists, bases, namespaces, and an application's own client. */
class AccessTest {
    private static final String DIGEST = "&auth=digest&user=joe&password=geheim";

    private final Ground ground = Ground.shared();

    @AfterEach
    void end() throws Exception {
        ground.close();
    }

    private LockClient at(String base, String query) {
        return ground.keep(LockClient.open("zookeeper://" + ground.server().address() + base + "?session=5s" + query));
    }

    @Test
    void aBaseThatDoesNotExistIsMade() throws Exception {
        LockClient client = at("/" + ground.namespace() + "/deep/base", "&namespace=n.s");
        assertThat(client.lock("job").tryAcquire()).isPresent();
        assertThat(ground.children("/" + ground.namespace() + "/deep/base/n%2Es/job"))
                .hasSize(1);
    }

    @Test
    @Tag("Z.08")
    void parentsAreContainersUnlessPersistentOnesAreAskedFor() throws Exception {
        try (ZooKeeperServer server = ZooKeeperServer.builder()
                        .containerCheck(Duration.ofMillis(100))
                        .start();
                LockClient idle = LockClient.open(server.uri("session=2s"));
                LockClient kept =
                        LockClient.open("zookeeper://" + server.address() + "/kept?session=2s&parent=persistent");
                var hand = CuratorFrameworkFactory.newClient(server.address(), new RetryOneTime(1))) {
            hand.start();
            kept.lock("job").acquire().release();
            idle.lock("job").acquire().release();
            await().until(() -> hand.checkExists().forPath("/interlock") == null);
            assertThat(hand.checkExists().forPath("/kept/default/job")).isNotNull();
        }
    }

    @Test
    void aRootThatMayNotBeChangedIsNoHindranceIfTheBaseIsThere() throws Exception {
        String root = "/" + ground.namespace();
        ground.create(root + "/base");
        ground.hand()
                .setACL()
                .withACL(Collections.singletonList(new ACL(Perms.READ, new Id("world", "anyone"))))
                .forPath(root);
        assertThat(at(root + "/base", "").lock("job").tryAcquire()).isPresent();
    }

    @Test
    @Tag("Z.07")
    void anAccessListThatRefusesUsIsSaidAndLeavesNothing() throws Exception {
        String base = "/" + ground.namespace();
        ground.create(base);
        ground.hand()
                .setACL()
                .withACL(Collections.singletonList(new ACL(Perms.READ, new Id("world", "anyone"))))
                .forPath(base);
        assertThatThrownBy(() -> at(base, "").lock("job").tryAcquire())
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("access list")
                .hasMessageContaining(base);
        assertThat(ground.children(base)).isEmpty();
    }

    @Test
    void aCreatorsNodesAreItsOwn() throws Exception {
        String base = "/" + ground.namespace();
        LockClient joe = at(base, DIGEST + "&acl=creator");
        Lease lease = joe.lock("job").tryAcquire().orElseThrow();
        assertThatThrownBy(() -> ground.hand().getChildren().forPath(base + "/default/job"))
                .isInstanceOf(KeeperException.NoAuthException.class);
        assertThatThrownBy(() -> at(base, "").lock("job").tryAcquire())
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("access list");
        lease.release();
        assertThat(at(base, DIGEST + "&acl=creator").lock("job").tryAcquire()).isPresent();
    }

    @Test
    void secretsAreNotShown() {
        assertThatThrownBy(
                        () -> LockClient.open("zookeeper://joe:geheim@127.0.0.1:1/?auth=digest&connectTimeout=200ms"))
                .isInstanceOf(LockBackendException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("geheim"));
    }

    @Test
    void anApplicationsClientIsUsedAndNeverClosed() throws Exception {
        CuratorFramework framework = ground.framework(5_000);
        try (LockClient client = LockClient.of(
                ZooKeeperLocks.backend(framework, ZooKeeperOptions.defaults().withNamespace(ground.namespace())))) {
            Lease lease = client.lock("job").tryAcquire().orElseThrow();
            assertThat(lease.isHeld()).isTrue();
            assertThat(ground.hand()
                            .checkExists()
                            .forPath(ground.paths("job")
                                    .child(ground.line("job").get(0).name()))
                            .getEphemeralOwner())
                    .isEqualTo(framework.getZookeeperClient().getZooKeeper().getSessionId());
        }
        assertThat(ground.line("job")).isEmpty();
        assertThat(framework.checkExists().forPath("/zookeeper")).isNotNull();
    }

    @Test
    void theNamespaceOfAnApplicationsClientIsKept() throws Exception {
        CuratorFramework framework = ground.keep(CuratorFrameworkFactory.builder()
                .connectString(ground.server().address())
                .namespace(ground.namespace())
                .sessionTimeoutMs(5_000)
                .connectionTimeoutMs(5_000)
                .retryPolicy(new RetryOneTime(1))
                .build());
        framework.start();
        LockClient client = ground.keep(LockClient.of(ZooKeeperLocks.backend(framework)));
        assertThat(client.lock("job").tryAcquire()).isPresent();
        assertThat(ground.children("/" + ground.namespace() + "/interlock/default/job"))
                .hasSize(1);
    }

    @Test
    @Tag("Z.08")
    void aChrootThatDoesNotExistIsSaid() {
        CuratorFramework framework = ground.keep(CuratorFrameworkFactory.newClient(
                ground.server().address() + "/missing-" + ground.namespace(), 5_000, 5_000, new RetryOneTime(1)));
        framework.start();
        LockClient client = ground.keep(LockClient.of(ZooKeeperLocks.backend(framework)));
        assertThatThrownBy(() -> client.lock("job").tryAcquire())
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("chroot");
    }

    @Test
    void anApplicationsClientThatIsNotConnectedIsSaid() {
        CuratorFramework framework =
                ground.keep(CuratorFrameworkFactory.newClient("127.0.0.1:1", 5_000, 5_000, new RetryOneTime(1)));
        framework.start();
        assertThatThrownBy(() -> LockClient.of(ZooKeeperLocks.backend(
                        framework, ZooKeeperOptions.defaults().withCallTimeout(Duration.ofMillis(200)))))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("not connected");
    }
}
