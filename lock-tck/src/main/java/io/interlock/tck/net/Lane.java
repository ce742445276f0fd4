// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One direction of a connection: what is on its way, in order, each piece with the time before which it may not arrive. Confined to the loop. */
final class Lane {
    private final LinkLoop loop;
    private final LongSupplier delayNanos;
    private final Runnable onBroken;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private @Nullable SelectionKey out; // null: not connected yet
    private long lastDue = System.nanoTime();

    /** A message, or the end of the stream. */
    private static final class Piece {
        private final ByteBuffer bytes;
        private final Runnable before;
        private final Runnable after;
        private final boolean end;
        private long due;

        Piece(ByteBuffer bytes, boolean end, long due, Runnable before, Runnable after) {
            this.bytes = bytes;
            this.end = end;
            this.due = due;
            this.before = before;
            this.after = after;
        }
    }

    /**
     * An empty lane.
     *
     * @param delayNanos drawn for every piece
     * @param onBroken the receiver is gone
     */
    Lane(LinkLoop loop, LongSupplier delayNanos, Runnable onBroken) {
        this.loop = loop;
        this.delayNanos = delayNanos;
        this.onBroken = onBroken;
    }

    void connectedTo(SelectionKey receiver) {
        out = receiver;
        flush();
    }

    void put(ByteBuffer bytes) {
        put(bytes, () -> {}, () -> {});
    }

    /** With something to do right before the first byte is sent, and right after the last. */
    void put(ByteBuffer bytes, Runnable before, Runnable after) {
        add(new Piece(bytes, false, due(), before, after));
    }

    /** The stream ends here. */
    void end(Runnable after) {
        add(new Piece(ByteBuffer.allocate(0), true, due(), () -> {}, after));
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    void forget() {
        pieces.clear();
    }

    /** No delays any more for what is on its way. */
    void hurry() {
        lastDue = System.nanoTime();
        pieces.forEach(piece -> piece.due = lastDue);
        flush();
    }

    /** Sends what is due. */
    void flush() {
        SelectionKey receiver = out;
        if (receiver == null || !receiver.isValid()) {
            return;
        }
        try {
            boolean full = !sendDue((SocketChannel) receiver.channel());
            if (receiver.isValid()) {
                int reading = receiver.interestOps() & ~SelectionKey.OP_WRITE;
                receiver.interestOps(full ? reading | SelectionKey.OP_WRITE : reading);
            }
        } catch (IOException gone) {
            pieces.clear();
            onBroken.run();
        }
    }

    private void add(Piece piece) {
        pieces.add(piece);
        flush();
        if (pieces.contains(piece)) {
            loop.at(piece.due, this::flush);
        }
    }

    private long due() {
        long due = System.nanoTime() + delayNanos.getAsLong();
        lastDue = due - lastDue > 0 ? due : lastDue;
        return lastDue;
    }

    /** False if the receiver can take no more for now. */
    private boolean sendDue(SocketChannel channel) throws IOException {
        while (true) {
            Piece piece = pieces.peek();
            if (piece == null || piece.due - System.nanoTime() > 0) {
                return true;
            }
            if (piece.bytes.position() == 0) {
                piece.before.run();
            }
            if (!channel.isOpen()) {
                return true; // what had to be done before found the end of the connection
            }
            channel.write(piece.bytes);
            if (piece.bytes.hasRemaining()) {
                return false;
            }
            pieces.remove(piece);
            if (piece.end) {
                channel.shutdownOutput();
            }
            piece.after.run();
        }
    }
}
