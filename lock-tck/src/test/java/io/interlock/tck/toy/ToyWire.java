// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/** A connection of lines of text. One thread reads; any thread writes. */
final class ToyWire {
    private final Socket socket;
    private final ReentrantLock writing = new ReentrantLock();
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(); // survives a read that times out
    private final byte[] buffer = new byte[8192];
    private int next;
    private int filled;

    ToyWire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
    }

    static ToyWire connect(InetSocketAddress address, long timeoutMillis) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(address, (int) Math.max(1, timeoutMillis));
            return new ToyWire(socket);
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    void write(String line) throws IOException {
        writing.lock();
        try {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } finally {
            writing.unlock();
        }
    }

    /** The next line; 0 waits for ever. Every byte that comes in time begins the wait anew, which is fine for a toy. */
    String read(long timeoutMillis) throws IOException {
        socket.setSoTimeout((int) timeoutMillis);
        for (int next = readByte(); next != '\n'; next = readByte()) {
            begun.write(next);
        }
        String line = begun.toString(StandardCharsets.UTF_8);
        begun.reset();
        return line;
    }

    /** Whether the other side has neither hung up nor said what nobody asked for, as far as is known here. */
    boolean isAlive() {
        try {
            socket.setSoTimeout(1);
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int readByte() throws IOException {
        if (next == filled) {
            filled = socket.getInputStream().read(buffer);
            next = 0;
            if (filled < 0) {
                filled = 0;
                throw new IOException("the other side hung up");
            }
        }
        return buffer[next++] & 0xff;
    }
}
