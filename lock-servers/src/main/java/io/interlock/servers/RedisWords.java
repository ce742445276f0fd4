// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A few words with a Redis server, without a client library; a connection for each. */
final class RedisWords {
    private static final int PATIENCE_MILLIS = 2_000;

    private final InputStream in;

    private RedisWords(InputStream in) {
        this.in = in;
    }

    /**
     * Sends a command to a server on the loopback address.
     *
     * @param password null if it asks for none
     * @return a text, a {@link Long}, a list of such, or null
     * @throws IOException if it does not answer in time
     * @throws IllegalStateException if it answers with an error
     */
    static @Nullable Object ask(int port, @Nullable String password, String... command) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            var words = new RedisWords(new BufferedInputStream(socket.getInputStream()));
            if (password != null) {
                socket.getOutputStream().write(encoded("AUTH", password));
                words.reply();
            }
            socket.getOutputStream().write(encoded(command));
            return words.reply();
        }
    }

    private static byte[] encoded(String... command) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(("*" + command.length + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (String word : command) {
            byte[] text = word.getBytes(StandardCharsets.UTF_8);
            bytes.write(("$" + text.length + "\r\n").getBytes(StandardCharsets.UTF_8));
            bytes.write(text);
            bytes.write("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private @Nullable Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.valueOf(rest);
            case '$' -> text(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            default -> throw new IllegalStateException("Redis answered: " + rest);
        };
    }

    private @Nullable String text(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        line();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private List<@Nullable Object> list(int size) throws IOException {
        var list = new ArrayList<@Nullable Object>();
        for (int i = 0; i < size; i++) {
            list.add(reply());
        }
        return list;
    }

    private String line() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Redis has hung up");
            }
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }
}
