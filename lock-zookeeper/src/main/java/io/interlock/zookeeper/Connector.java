// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;

/** Connects to the ensemble that a configuration names. */
final class Connector {
    private static final int PROBE_MILLIS = 500;
    private static final int CLOSE_MILLIS = 2000;

    private Connector() {}

    /** Opens a client and waits for its session; leaves nothing open if there is none in time. */
    static Ensemble connect(LockConfig config) {
        String servers = ZooKeeperSettings.connectString(config);
        var errors = new ZooKeeperErrors(servers);
        var births = new SessionBirths();
        Duration timeout = ZooKeeperSettings.connectTimeout(config);
        CuratorFramework client = client(config, servers, births);
        var ensemble = new Ensemble(client, births, errors);
        client.start();
        try {
            if (client.blockUntilConnected((int) timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return ensemble;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ensemble.closeOurs(Duration.ZERO);
            throw new LockBackendException("zookeeper at " + servers + ": interrupted while connecting", e, false);
        }
        ensemble.closeOurs(config.callTimeout());
        throw new LockBackendException(
                "zookeeper at " + servers + ": no session within " + timeout.toMillis() + " ms: "
                        + String.join("; ", complaints(config)),
                null,
                false);
    }

    private static CuratorFramework client(LockConfig config, String servers, SessionBirths births) {
        int sessionMillis = (int) ZooKeeperSettings.session(config).toMillis();
        int connectMillis = (int) ZooKeeperSettings.connectTimeout(config).toMillis();
        var builder = CuratorFrameworkFactory.builder()
                .connectString(servers)
                .sessionTimeoutMs(sessionMillis)
                .connectionTimeoutMs(Math.min(connectMillis, sessionMillis)) // or Curator complains
                .retryPolicy(new RetryNTimes(0, 0)) // we ask through Curator for nothing that could be repeated
                .ensembleTracker(false)
                .waitForShutdownTimeoutMs(CLOSE_MILLIS)
                .zookeeperFactory(births);
        ZooKeeperSettings.credentials(config).ifPresent(secret -> builder.authorization("digest", secret));
        return builder.build();
    }

    /** ZooKeeper's client keeps to itself why it did not connect. */
    private static List<String> complaints(LockConfig config) {
        var complaints = new ArrayList<String>();
        for (InetSocketAddress host : config.hosts(ZooKeeperSettings.DEFAULT_PORT)) {
            String where = host.getHostString() + ":" + host.getPort();
            var resolved = new InetSocketAddress(host.getHostString(), host.getPort());
            try (var socket = new Socket()) {
                socket.connect(resolved, PROBE_MILLIS);
                complaints.add(where + " is reachable, and does not answer as a serving member of an ensemble would");
            } catch (IOException unreachable) {
                complaints.add(where + ": " + (resolved.isUnresolved() ? "unknown host" : unreachable.getMessage()));
            }
        }
        return complaints;
    }
}
