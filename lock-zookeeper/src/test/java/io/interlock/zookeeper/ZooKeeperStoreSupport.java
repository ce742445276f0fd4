// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockConfig;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.StoreSupport;
import io.interlock.tck.Timing;
import io.interlock.tck.WireFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the test kit needs to know of ZooKeeper: a look into the tree, and the requests on the wire. Thread-safe. */
public final class ZooKeeperStoreSupport implements StoreSupport {
    /** For ServiceLoader. */
    public ZooKeeperStoreSupport() {}

    @Override
    public Set<String> schemes() {
        return Set.of(ZooKeeperSettings.SCHEME);
    }

    @Override
    public int defaultPort() {
        return ZooKeeperSettings.DEFAULT_PORT;
    }

    /** A crashed client's nodes go with its session, which the servers end up to a tick late. */
    @Override
    public Timing timing(LockConfig config) {
        Duration session = ZooKeeperSettings.session(config);
        return Timing.defaults().withCrashRelease(session.plus(Timing.defaults().crashRelease()));
    }

    @Override
    public StoreInspector inspector(LockConfig config) {
        return new ZooKeeperInspector(new ZooKeeperShell(config), ZooKeeperSettings.options(config));
    }

    @Override
    public String server(LockConfig config) {
        try (var shell = new ZooKeeperShell(config)) {
            return "ZooKeeper "
                    + shell.word("srvr")
                            .lines()
                            .filter(line -> line.startsWith("Zookeeper version: "))
                            .map(line -> line.replaceAll("Zookeeper version: ([0-9.]+).*", "$1"))
                            .findFirst()
                            .orElse("of unknown version");
        }
    }

    @Override
    public Optional<WireFormat> wireFormat(LockConfig config) {
        return Optional.of(new JuteWireFormat(ZooKeeperSettings.options(config).base()));
    }
}
