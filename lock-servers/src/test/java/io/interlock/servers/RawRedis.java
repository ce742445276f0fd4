// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/** Talks to Redis without a client library, so that nothing is repeated or hidden. */
final class RawRedis implements AutoCloseable {
    private final Socket socket;

    private RawRedis(Socket socket) {
        this.socket = socket;
    }

    static RawRedis connect(RedisServer server) throws IOException {
        return connect(SocketFactory.getDefault(), server);
    }

    static RawRedis connect(SocketFactory sockets, RedisServer server) throws IOException {
        Socket socket = sockets.createSocket(server.host(), server.port());
        socket.setSoTimeout(300);
        return new RawRedis(socket);
    }

    /** {@return the first line of the answer} */
    String ask(String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        return answer();
    }

    String answer() throws IOException {
        var line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n' && c >= 0;
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** {@return the first line of the answer to a command on a connection of its own} */
    static String askOnce(RedisServer server, String command) throws IOException {
        try (var redis = connect(server)) {
            return redis.ask(command);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
