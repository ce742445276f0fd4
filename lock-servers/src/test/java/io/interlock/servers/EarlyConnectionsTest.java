// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that comes while the server starts. */
class EarlyConnectionsTest {
    /**
     * Asks for a new session: length; version, last transaction seen, timeout, session, length of the password, the
     * password; read-write.
     */
    private static final byte[] SESSION_REQUEST = ByteBuffer.allocate(49)
            .putInt(45)
            .putInt(0)
            .putLong(0)
            .putInt(10_000)
            .putLong(0)
            .putInt(16)
            .put(new byte[16])
            .put((byte) 0)
            .array();

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
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), connections.getLocalPort())) {
                    socket.setSoTimeout(5_000);
                    answer = firstByteOfAnswer(socket);
                }
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

    /** {@return what the answer to a request for a session begins with; -1 if there is none, and the server hangs up} */
    static int firstByteOfAnswer(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write(SESSION_REQUEST);
            return socket.getInputStream().read();
        } catch (SocketException reset) { // hung up before it has read it all
            return -1;
        }
    }
}
