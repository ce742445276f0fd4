// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Curator's client, and whose it is. Thread-safe.
 *
 * @param client connects, and makes a new session where one ended
 * @param births of its sessions, if the client is ours
 * @param errors translates its exceptions
 */
record Ensemble(CuratorFramework client, @Nullable SessionBirths births, ZooKeeperErrors errors) {
    void start(BackendContext context) {
        if (births != null) {
            births.start(context);
        }
    }

    OptionalLong bornAfter(ZooKeeper zk, BackendContext context) {
        return births == null ? OptionalLong.empty() : births.of(zk, context);
    }

    /** The session timeout that we asked for, which the servers need not have granted; empty for an application's client. */
    Optional<Duration> askedTimeout() {
        return Optional.ofNullable(births).map(SessionBirths::asked);
    }

    boolean isOurs() {
        return births != null;
    }

    /** Where a path of ours really is: the requests that we send know nothing of the application's namespace. */
    String rooted(String path) {
        String namespace = client.getNamespace();
        return namespace == null || namespace.isEmpty() ? path : "/" + namespace + (path.equals("/") ? "" : path);
    }

    /**
     * Takes over what could not be deleted before the end. With our own client's session all our nodes go; an
     * application's goes on, and its client deletes what is left as soon as it can, so that nobody waits for nodes that
     * nobody has.
     */
    void inherit(String path) {
        if (!isOurs()) {
            leaveToCurator(path);
        }
    }

    /** Closes the client, if it is our own. */
    void close(Duration atMost) {
        if (isOurs()) {
            closeOurs(atMost);
        }
    }

    /** In the background: ZooKeeper's client waits for a server that may be gone, for most of a session's timeout. */
    void closeOurs(Duration atMost) {
        var closing = new Thread(client::close, "interlock-zookeeper-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(Math.max(1, atMost.toMillis())); // zero would be for ever
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leaveToCurator(String path) {
        try {
            client.usingNamespace(null).delete().guaranteed().inBackground().forPath(path);
        } catch (Exception closed) { // declared so; the application closed its client, and with it the session
            errors.log(closed);
        }
    }
}
