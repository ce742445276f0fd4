// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * ZooKeeper's connections, without ZOOKEEPER-5051: a server that stands alone accepts clients before it has a database,
 * closing such a connection fails half-way, and nobody ever reads from it again. A client that comes back while its server
 * starts anew would wait in vain, for as long as its session lives. With a database, although an empty one, the connection
 * is closed, and the client tries again.
 *
 * <p>Public because ZooKeeper makes it from its name.
 */
public final class EarlyConnections extends NIOServerCnxnFactory {
    @Override
    public void startup(ZooKeeperServer server, boolean startServer) throws IOException, InterruptedException {
        if (server.getZKDatabase() == null) {
            server.setZKDatabase(new ZKDatabase(server.getTxnLogFactory()));
        }
        super.startup(server, startServer);
    }
}
