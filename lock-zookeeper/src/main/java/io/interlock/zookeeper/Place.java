// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.OwnerId;

/**
 * A contender's node in the queue of a lock. Immutable. It belongs to the session that made it, and ends with that.
 *
 * @param session which made the node
 * @param owner the id in its name
 * @param node its name, taken apart
 * @param path where it is
 * @param ctimeMillis when it was made, by the ensemble's clock
 * @param knownAt when we knew that, on {@link System#nanoTime}: the context's clock follows this machine's wall clock when
 *     that goes forward, and tokens must not
 */
record Place(Session session, OwnerId owner, ContenderNode node, String path, long ctimeMillis, long knownAt) {
    int sequence() {
        return node.sequence();
    }
}
