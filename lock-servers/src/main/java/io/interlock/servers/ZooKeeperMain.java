// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import javax.security.sasl.SaslException;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.apache.zookeeper.version.Info;

/**
 * ZooKeeper's server as the main program of a JVM of its own. It tells on standard output when it listens, whatever
 * becomes of ZooKeeper's log.
 */
final class ZooKeeperMain {
    private ZooKeeperMain() {}

    /**
     * Runs until the JVM is ended.
     *
     * @param args the configuration file
     */
    public static void main(String[] args) {
        System.setProperty(ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY, EarlyConnections.class.getName());
        try {
            var config = new QuorumPeerConfig();
            config.parse(args[0]);
            if (config.isDistributed()) {
                new Member().runFromConfig(config);
            } else {
                var alone = new ServerConfig();
                alone.readFrom(config);
                new Alone().runFromConfig(alone);
            }
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
        // some of its threads would keep the JVM alive; whoever waits for it learns that it is not there
        System.exit(1);
    }

    private static void listening() {
        System.out.printf("Zookeeper version: %d.%d.%d, listening%n", Info.MAJOR, Info.MINOR, Info.MICRO);
    }

    private static final class Alone extends ZooKeeperServerMain {
        @Override
        protected void serverStarted() {
            listening();
        }
    }

    private static final class Member extends QuorumPeerMain {
        /** Asked for when the port is bound. */
        @Override
        protected QuorumPeer getQuorumPeer() throws SaslException {
            listening();
            return super.getQuorumPeer();
        }
    }
}
