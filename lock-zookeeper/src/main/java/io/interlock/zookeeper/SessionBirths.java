// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Makes handles for Curator and remembers since when there is the latest: the leader makes its session later than that,
 * which is the first sign of life that surely counts. Thread-safe.
 */
final class SessionBirths implements ZookeeperFactory {
    private volatile @Nullable BackendContext context; // set once, by start
    private volatile @Nullable Birth latest;
    private volatile Duration asked = Duration.ZERO;

    /** {@code engineNanos} is there from the start of the backend on; before it there is real time only. */
    private record Birth(ZooKeeper zk, long realNanos, OptionalLong engineNanos) {}

    void start(BackendContext started) {
        context = started;
    }

    @Override
    public ZooKeeper newZooKeeper(String servers, int sessionTimeout, Watcher watcher, boolean canBeReadOnly)
            throws Exception {
        BackendContext now = context;
        asked = Duration.ofMillis(sessionTimeout);
        OptionalLong engineNanos = now == null ? OptionalLong.empty() : OptionalLong.of(now.nanoTime());
        long realNanos = System.nanoTime();
        var zk = new ZooKeeper(servers, sessionTimeout, watcher, canBeReadOnly);
        latest = new Birth(zk, realNanos, engineNanos);
        return zk;
    }

    /** The session timeout that we wanted. */
    Duration asked() {
        return asked;
    }

    /** A time on the context's clock before which the handle had no session. */
    OptionalLong of(ZooKeeper zk, BackendContext started) {
        Birth birth = latest;
        if (birth == null || birth.zk != zk) {
            return OptionalLong.empty();
        }
        return birth.engineNanos.isPresent()
                ? birth.engineNanos
                : OptionalLong.of(started.nanoTime() - (System.nanoTime() - birth.realNanos));
    }
}
