// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.util.List;

/** Power over the servers of the store. Not used by any rule of this version yet. Thread-safe. */
public interface ServerControl {
    /** {@return names of the servers; the first is the one that a single server would be} */
    List<String> nodes();

    /**
     * Makes a server stand still with its connections open.
     *
     * @param node of {@link #nodes}
     */
    void pause(String node);

    /**
     * Lets a paused server go on.
     *
     * @param node of {@link #nodes}
     */
    void resume(String node);

    /**
     * Ends a server as a crash does.
     *
     * @param node of {@link #nodes}
     */
    void kill(String node);

    /**
     * Starts a server that was killed.
     *
     * @param node of {@link #nodes}
     * @param data what it finds of its former life
     */
    void restart(String node, Data data);

    /** Makes another server the first one, with as much of its data as replication has brought. */
    void failover();

    /** What a server finds when it starts again. */
    enum Data {
        /** Everything that it had written down. */
        KEPT,
        /** Nothing. */
        WIPED
    }
}
