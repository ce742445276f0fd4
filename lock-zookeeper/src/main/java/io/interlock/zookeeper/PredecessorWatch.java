// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/**
 * One waiter's watch on the one before it, and on nobody else: a release wakes one waiter, however many there are.
 * Thread-safe. Runs on ZooKeeper's event thread.
 */
final class PredecessorWatch implements Watcher {
    private final String path;
    private final Runnable wakeUp;
    private volatile boolean set = true;
    private volatile boolean wanted = true;

    PredecessorWatch(String path, Runnable wakeUp) {
        this.path = path;
        this.wakeUp = wakeUp;
    }

    String path() {
        return path;
    }

    /** Whether the server still has it. */
    boolean isSet() {
        return set;
    }

    /** To be called before it is removed. */
    void giveUp() {
        wanted = false;
    }

    @Override
    public void process(WatchedEvent event) {
        switch (event.getType()) {
            case None -> {
                // of the connection: a new attempt finds out what it means for us; the watch outlives it if the session
                // does
                if (event.getState() == Event.KeeperState.Expired || event.getState() == Event.KeeperState.Closed) {
                    set = false;
                }
                wakeUp.run();
            }
            default -> {
                set = false;
                // removed though it is wanted: by another waiter of this session, which had one on the same node
                if (wanted || event.getType() != Event.EventType.DataWatchRemoved) {
                    wakeUp.run();
                }
            }
        }
    }
}
