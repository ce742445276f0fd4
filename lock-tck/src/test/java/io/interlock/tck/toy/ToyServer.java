// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A store of locks that speaks lines of text, in this JVM, on a port of the loopback address. Thread-safe. */
final class ToyServer implements AutoCloseable {
    /** So that whoever knows a URI can look into the store behind it. */
    private static final Map<Integer, ToyServer> RUNNING = new ConcurrentHashMap<>();

    private final ServerSocket listener;
    private final ToyStore store = new ToyStore();
    private final AtomicLong commands = new AtomicLong();
    private final Set<ToySession> sessions = ConcurrentHashMap.newKeySet();

    ToyServer() {
        try {
            listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RUNNING.put(listener.getLocalPort(), this);
        daemon(this::accept, "toy-store-door");
    }

    static Optional<ToyServer> running(int port) {
        return Optional.ofNullable(RUNNING.get(port));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    ToyStore store() {
        return store;
    }

    long commandCount() {
        return commands.get();
    }

    int connections() {
        return sessions.size();
    }

    void killWatchers() {
        sessions.stream().filter(ToySession::watches).forEach(ToySession::close);
    }

    @Override
    public void close() {
        RUNNING.remove(listener.getLocalPort(), this);
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sessions.forEach(ToySession::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException closed) {
                // the loop looks whether it is the listener
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        var session = new ToySession(store, commands, socket);
        sessions.add(session);
        daemon(
                () -> {
                    try {
                        session.serve();
                    } finally {
                        sessions.remove(session);
                    }
                },
                "toy-store-session");
        if (listener.isClosed()) {
            session.close();
        }
    }

    private static void daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
