// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** The ways in which a socket ends. */
final class Sockets {
    private Sockets() {}

    /** Ends it in order: the other side reads what was sent, and then the end. */
    static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once: the other side sees a reset. */
    static void abort(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException ended) {
            // the other side was faster; there is nothing left to reset
            close(channel);
            return;
        }
        close(channel);
    }
}
