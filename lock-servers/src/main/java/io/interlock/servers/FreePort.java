// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports of the loopback address that nobody listens on. */
final class FreePort {
    /**
     * Below the range from which systems take the ports of outgoing connections: a client that reconnects to a stopped
     * server in that range can end up connected to itself, and can take the port from the server that restarts.
     */
    private static final int LOWEST = 15_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 100;

    /** What was found before in this process: it may be about to be listened on. */
    private static final Set<Integer> found = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /** {@return a port that was free a moment ago, never one twice; another process may be quicker, so be ready to ask again} */
    static int find() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && found.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port found from " + LOWEST + " to " + HIGHEST + " in " + ATTEMPTS
                + " attempts; end some of the servers on this machine");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
