// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.LockBackend;
import org.apache.curator.framework.CuratorFramework;

/**
 * Backends around a {@link CuratorFramework} that the application already has: pass one to
 * {@link io.interlock.LockClient#of(LockBackend)}.
 *
 * <p>The framework must be started, and is never closed. Grants belong to its session.
 */
public final class ZooKeeperLocks {
    private ZooKeeperLocks() {}

    /**
     * A backend with the default options.
     *
     * @param client stays the application's
     * @return a backend for one {@link io.interlock.LockClient}
     */
    public static LockBackend backend(CuratorFramework client) {
        return backend(client, ZooKeeperOptions.defaults());
    }

    /**
     * A backend. Does no I/O; that begins when a {@link io.interlock.LockClient} takes it.
     *
     * @param client stays the application's
     * @param options how locks are kept
     * @return a backend for one {@link io.interlock.LockClient}
     */
    public static LockBackend backend(CuratorFramework client, ZooKeeperOptions options) {
        var errors = new ZooKeeperErrors("the application's client");
        return new ZooKeeperBackend(new Ensemble(client, null, errors), options);
    }
}
