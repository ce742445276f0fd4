// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.BackendContext;

/**
 * What the contenders, grants and undos of one backend share. Immutable.
 *
 * @param context clock, timer and threads of the engine
 * @param options how locks are kept
 * @param base the node above all locks, as seen from the root
 * @param errors translates ZooKeeper's exceptions
 * @param sessions the session of the moment
 * @param sentCreates the creates whose outcome nobody knows
 * @param leaver deletes nodes that nobody wants
 */
record Parts(
        BackendContext context,
        ZooKeeperOptions options,
        String base,
        ZooKeeperErrors errors,
        Sessions sessions,
        SentCreates sentCreates,
        Leaver leaver) {
    Queue queue(String name) {
        return new Queue(this, LockPaths.of(base, options.namespace(), name));
    }
}
