// SPDX-License-Identifier: Apache-2.0
/**
 * Locks in a ZooKeeper ensemble: each contender is an ephemeral sequential node that watches its predecessor.
 *
 * <p>Applications open {@code zookeeper://} URIs and need nothing of this package. Who already owns a
 * {@link org.apache.curator.framework.CuratorFramework} begins at {@link io.interlock.zookeeper.ZooKeeperLocks}.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.zookeeper;
