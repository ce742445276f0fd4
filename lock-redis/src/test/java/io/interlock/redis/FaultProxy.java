// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on the loopback address that keeps back a chosen command, or goes silent, with all connections open. What
 * it kept back is delivered on release even if the client has hung up meanwhile.
 */
final class FaultProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new ArrayList<>(); // guarded by this
    private volatile @Nullable String heldText;
    private volatile CountDownLatch held = new CountDownLatch(1);
    private volatile CountDownLatch release = new CountDownLatch(1);
    private volatile CountDownLatch delivered = new CountDownLatch(1);
    private volatile boolean silent;

    FaultProxy(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next bytes from a client that contain the text wait for {@link #release}. */
    void hold(String text) {
        held = new CountDownLatch(1);
        release = new CountDownLatch(1);
        delivered = new CountDownLatch(1);
        heldText = text;
    }

    void awaitHeld() throws InterruptedException {
        held.await();
    }

    /** Delivers what was kept back, and returns when it has been written to the server. */
    void release() throws InterruptedException {
        release.countDown();
        delivered.await();
    }

    /** Delivers what was kept back, and keeps back what comes next and contains the text. */
    void releaseAndHold(String text) throws InterruptedException {
        var before = release;
        var arrived = delivered;
        hold(text);
        before.countDown();
        arrived.await();
    }

    /** Passes on nothing from the server any more, on the connections there are; new ones work. */
    void goSilent() {
        silent = true;
    }

    /** Breaks all connections. */
    void cut() {
        synchronized (this) {
            sockets.forEach(FaultProxy::closeQuietly);
            sockets.clear();
        }
    }

    @Override
    public void close() {
        release.countDown();
        closeQuietly(listener);
        cut();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            var client = listener.accept();
            var server = new Socket(InetAddress.getLoopbackAddress(), target);
            synchronized (this) {
                sockets.add(client);
                sockets.add(server);
            }
            boolean afterSilence = silent;
            run(() -> toServer(client.getInputStream(), server.getOutputStream()));
            run(() -> toClient(server.getInputStream(), client.getOutputStream(), afterSilence));
        }
    }

    private void toServer(InputStream in, OutputStream out) throws Exception {
        var buffer = new byte[65536];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            String wanted = heldText;
            boolean hold = wanted != null && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(wanted);
            var arrived = delivered;
            if (hold) {
                heldText = null;
                held.countDown();
                release.await();
            }
            out.write(buffer, 0, n);
            if (hold) {
                arrived.countDown();
            }
        }
    }

    private void toClient(InputStream in, OutputStream out, boolean afterSilence) throws IOException {
        var buffer = new byte[65536];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (afterSilence || !silent) {
                out.write(buffer, 0, n);
            }
        }
        out.close();
    }

    private static void run(Task task) {
        var thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (Exception closed) {
                        // the end of a connection, from either side
                    }
                },
                "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Task {
        void run() throws Exception;
    }
}
