// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A socket that sends and reads lines. */
final class LineClient implements AutoCloseable {
    static final String END = "the end";
    static final String NOTHING = "nothing";
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Socket socket = new Socket();

    LineClient(InetSocketAddress address) throws IOException {
        socket.connect(address, (int) LONG.toMillis());
        socket.setTcpNoDelay(true);
    }

    /** What a new client hears that only listens: a connect that fails is an end like any other. */
    static String firstWord(InetSocketAddress address) throws IOException {
        try (var client = new LineClient(address)) {
            return client.hear();
        } catch (SocketException refused) {
            return END;
        }
    }

    LineClient say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The next line, or {@link #END}; fails after a long time. */
    String hear() throws IOException {
        String heard = hearWithin(LONG);
        if (heard.equals(NOTHING)) {
            throw new AssertionError("nothing heard for " + LONG);
        }
        return heard;
    }

    /** The next line, {@link #END}, or {@link #NOTHING}. */
    String hearWithin(Duration most) throws IOException {
        socket.setSoTimeout((int) most.toMillis());
        var line = new StringBuilder();
        try {
            for (int c = socket.getInputStream().read();
                    c != '\n';
                    c = socket.getInputStream().read()) {
                if (c < 0) {
                    return END;
                }
                line.append((char) c);
            }
            return line.toString();
        } catch (SocketTimeoutException silence) {
            return NOTHING;
        } catch (IOException reset) {
            return END;
        }
    }

    String ask(String line) throws IOException {
        return say(line + "\n").hear();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
