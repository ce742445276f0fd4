// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** Where the clients of one server connect: a listener on the loopback address only. Confined to the loop. */
final class Door {
    private static final int BACKLOG = 512;

    private final ServerSocketChannel listener;

    Door(LinkLoop loop, Consumer<SocketChannel> onClient) {
        try {
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(loopback(), 0), BACKLOG);
            loop.register(listener, SelectionKey.OP_ACCEPT, key -> accept(onClient));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.socket().getLocalSocketAddress();
    }

    /** Not {@link InetAddress#getLoopbackAddress}: that may be ::1, which many stores and clients don't speak. */
    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private void accept(Consumer<SocketChannel> onClient) {
        try {
            for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
                onClient.accept(client);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
