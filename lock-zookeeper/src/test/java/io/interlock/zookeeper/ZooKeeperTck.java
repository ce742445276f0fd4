// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.servers.ZooKeeperServer;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;

/** A variant on a server of its own, for the test kit. */
final class ZooKeeperTck {
    private ZooKeeperTck() {}

    static TckBackend backend(ZooKeeperOptions.Variant variant) {
        // what a lock promises does not hang on the speed of this machine's disk
        ZooKeeperServer server =
                ZooKeeperServer.builder().setting("forceSync=no").start();
        String settings = "session=5s&tickTime=100ms&variant=" + variant.text();
        return UriTckBackend.of("zookeeper-" + variant.text(), server.uri(settings))
                .withServers(server.description())
                .withOnClose(server::close);
    }
}
