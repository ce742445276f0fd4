// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.WireFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client's connection and the one to the server that belongs to it. Confined to the loop. */
final class Connection {
    private final FaultLink link;
    private final InetSocketAddress target;
    private final SocketChannel client;
    private final Lane toClient;
    private final Lane toServer;
    private final @Nullable Requests requests; // null: bytes are passed on unread
    private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
    private @Nullable SocketChannel server; // null: not dialled yet
    private @Nullable Runnable onReply; // what becomes of the next bytes from the server
    private boolean deaf; // bytes vanish here, whatever the link does elsewhere
    private boolean lossy; // bytes, or an end, have vanished: nothing good can follow
    private boolean clientGone; // what the server says is for nobody

    Connection(FaultLink link, InetSocketAddress target, SocketChannel client, Optional<WireFormat> format)
            throws IOException {
        this.link = link;
        this.target = target;
        this.client = client;
        toClient = new Lane(link.loop(), link::delayNanos, this::clientIsGone);
        toServer = new Lane(link.loop(), link::delayNanos, this::serverEnded);
        requests = format.map(language -> new Requests(this, link.commandFaults(), language.newReader()))
                .orElse(null);
        toClient.connectedTo(link.loop().register(client, SelectionKey.OP_READ, this::clientReady));
    }

    void dial() {
        try {
            var channel = SocketChannel.open();
            server = channel;
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = link.loop().register(channel, SelectionKey.OP_CONNECT, this::serverReady);
            if (channel.connect(target)) {
                connected(key);
            }
        } catch (IOException refused) {
            end();
        }
    }

    /** Sends a command, or bytes that nobody read. */
    void send(ByteBuffer bytes) {
        if (!vanishes()) {
            toServer.put(bytes);
        }
    }

    /** Sends a command; what the server sends from then on is for somebody else than the client. */
    void sendAndLoseReply(ByteBuffer bytes, Runnable replied) {
        if (!vanishes()) {
            // what was there before can't be the answer
            toServer.put(bytes, this::readServer, () -> onReply = replied);
        }
    }

    /** The client sends no more. */
    void sendEnd() {
        if (!vanishes()) {
            toServer.end(() -> {});
        }
    }

    /** Ends the client's side; the server's stays until the server has seen all that was sent. */
    void hangUpOnClient() {
        toClient.end(() -> {
            clientGone = true;
            Sockets.close(client);
            if (server != null && !server.isOpen()) {
                end();
            }
        });
        toServer.end(() -> {});
    }

    /** Ends both sides at once. */
    void end() {
        link.forget(this);
        toClient.forget();
        toServer.forget();
        onReply = null;
        if (requests != null) {
            requests.forget();
        }
        Sockets.abort(client);
        if (server != null) {
            Sockets.close(server);
        }
    }

    /** Bytes vanish from now on, on this connection. */
    void goDeaf() {
        deaf = true;
        loseWhatIsUnderWay();
    }

    void loseWhatIsUnderWay() {
        lossy |= !toClient.isEmpty() || !toServer.isEmpty();
        toClient.forget();
        toServer.forget();
    }

    void heal() {
        deaf = false;
        onReply = null;
        if (lossy) {
            end();
            return;
        }
        toClient.hurry();
        toServer.hurry();
        if (server == null) {
            dial();
        }
        if (requests != null) {
            requests.heal();
        }
    }

    /** That the stream makes no sense is told to whoever asks the link for commands. */
    void breakDown(RuntimeException why) {
        link.loop().breakDown(why);
        end();
    }

    private void clientReady(SelectionKey key) {
        if (key.isWritable()) {
            toClient.flush();
        }
        if (key.isValid() && key.isReadable()) {
            readClient(key);
        }
    }

    private void serverReady(SelectionKey key) {
        try {
            if (key.isConnectable() && ((SocketChannel) key.channel()).finishConnect()) {
                connected(key);
            }
        } catch (IOException refused) {
            end();
            return;
        }
        if (key.isValid() && key.isWritable()) {
            toServer.flush();
        }
        if (key.isValid() && key.isReadable()) {
            readServer();
        }
    }

    private void connected(SelectionKey key) {
        key.interestOps(SelectionKey.OP_READ);
        toServer.connectedTo(key);
    }

    private void readClient(SelectionKey key) {
        try {
            for (int n = read(client); n != 0; n = read(client)) {
                if (n < 0) {
                    key.interestOpsAnd(~SelectionKey.OP_READ);
                    clientEnded();
                    return;
                }
                if (!vanishes()) {
                    fromClient(copy());
                }
            }
        } catch (IOException reset) {
            clientIsGone();
        }
    }

    private void fromClient(ByteBuffer bytes) {
        if (requests == null) {
            toServer.put(bytes);
        } else {
            requests.received(bytes);
        }
    }

    private void clientEnded() {
        if (requests == null) {
            sendEnd();
        } else {
            requests.end(); // behind what is held
        }
    }

    /** It will read nothing more; but what it sent, and is still on its way, goes on. */
    private void clientIsGone() {
        if (!clientGone) {
            clientGone = true;
            toClient.forget();
            Sockets.close(client);
            clientEnded();
        }
    }

    private void readServer() {
        SocketChannel channel = server;
        try {
            while (channel != null && channel.isOpen()) {
                int n = read(channel);
                if (n == 0) {
                    return;
                }
                if (n < 0) {
                    serverEnded();
                    return;
                }
                fromServer();
            }
        } catch (IOException reset) {
            serverEnded();
        }
    }

    private void fromServer() {
        if (vanishes()) {
            return;
        }
        if (onReply != null) {
            replied();
        } else if (!clientGone) {
            toClient.put(copy());
        }
    }

    private void serverEnded() {
        if (server != null) {
            Sockets.close(server);
        }
        toServer.forget();
        if (vanishes()) {
            return;
        }
        if (onReply != null) {
            replied();
        }
        if (clientGone) {
            end();
        } else {
            toClient.end(this::end);
        }
    }

    private void replied() {
        Runnable told = onReply;
        onReply = null;
        if (told != null) {
            told.run();
        }
    }

    /** Asked for every piece that is about to be passed on: one that vanishes leaves its mark. */
    private boolean vanishes() {
        boolean vanishes = deaf || link.isBlackHole();
        lossy |= vanishes;
        return vanishes;
    }

    private int read(SocketChannel channel) throws IOException {
        buffer.clear();
        return channel.isOpen() ? channel.read(buffer) : 0;
    }

    private ByteBuffer copy() {
        buffer.flip();
        return ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
    }
}
