// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that comes while the server starts. */
class EarlyConnectionsTest {
    /** The length of a request to connect. */
    private static final byte[] REQUEST_BEGINS = {0, 0, 0, 45};

    @Test
    @Timeout(30)
    void clientThatComesBeforeTheDataIsSentAway(@TempDir Path temp) throws Exception {
        ServerCnxnFactory connections = new EarlyConnections();
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        var data = new FileTxnSnapLog(temp.toFile(), temp.toFile());
        var server = new ZooKeeperServer(data, 1_000, -1, -1, -1, null, "") {
            private int answer;

            @Override
            public void startdata() throws IOException, InterruptedException {
                answer = firstByteFrom(connections.getLocalPort());
                super.startdata();
            }
        };
        try {
            connections.startup(server);
            assertThat(server.answer).as("end of the connection").isEqualTo(-1);
            assertThat(FourLetterWords.ask(connections.getLocalPort(), "srvr")).contains("Zookeeper version");
        } finally {
            connections.shutdown();
        }
    }

    private static int firstByteFrom(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(REQUEST_BEGINS);
            return socket.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
