// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each line {@code x} with {@code re x}, unless told to keep silent, and remembers what it has seen. */
final class LineServer implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Socket> ended = new CopyOnWriteArrayList<>();
    private volatile boolean silent;

    LineServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Every line that has come, in order. */
    List<String> lines() {
        return lines;
    }

    int connections() {
        return sockets.size();
    }

    /** How many connections have come to an end. */
    int ended() {
        return ended.size();
    }

    void keepSilent() {
        silent = true;
    }

    /** Says something on the connection that was made as the n-th, counted from 0. */
    void say(int n, String text) throws IOException {
        sockets.get(n).getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    void hangUp(int n) throws IOException {
        sockets.get(n).close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                daemon(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (!silent) {
                    socket.getOutputStream().write(("re " + line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException reset) {
            // an end like any other
        }
        ended.add(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "line-server");
        thread.setDaemon(true);
        thread.start();
    }
}
