// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.tck.Command.Kind;
import io.interlock.tck.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Redis' protocol from client to server: arrays of texts. Thread-safe. */
final class RespWireFormat implements WireFormat {
    private static final Map<String, Kind> SCRIPTS = Map.of(
            Script.ACQUIRE.sha(), Kind.ACQUIRE,
            Script.REDLOCK_ACQUIRE.sha(), Kind.ACQUIRE,
            Script.RELEASE.sha(), Kind.RELEASE,
            Script.UNDO.sha(), Kind.UNDO,
            Script.RENEW.sha(), Kind.RENEW,
            // undo is the same script: the store can't tell them apart either
            Script.COMPARE_DELETE.sha(), Kind.RELEASE,
            Script.COMPARE_EXPIRE.sha(), Kind.RENEW);
    private static final Map<String, Kind> SOURCES = Map.of(
            Script.ACQUIRE.source(), Kind.ACQUIRE,
            Script.REDLOCK_ACQUIRE.source(), Kind.ACQUIRE,
            Script.RELEASE.source(), Kind.RELEASE,
            Script.UNDO.source(), Kind.UNDO,
            Script.RENEW.source(), Kind.RENEW,
            Script.COMPARE_DELETE.source(), Kind.RELEASE,
            Script.COMPARE_EXPIRE.source(), Kind.RENEW);

    private static final Set<String> SECOND_HALVES = Set.of("PEXPIRE", "GET");

    @Override
    public Reader newReader() {
        return new Reader() {
            private Kind before = Kind.OTHER;

            @Override
            public Optional<io.interlock.tck.Command> next(ByteBuffer unread) {
                var bytes = unread.duplicate();
                int start = bytes.position();
                return words(bytes).map(words -> {
                    // the second half of an acquisition, on the same connection: setnx-expire's is no renewal, and
                    // setnx-timestamp's no look of its own
                    boolean belongs = before == Kind.ACQUIRE && SECOND_HALVES.contains(words.get(0));
                    before = belongs ? Kind.OTHER : kind(words);
                    return new io.interlock.tck.Command(before, text(words), bytes.position() - start);
                });
            }
        };
    }

    private static Kind kind(List<String> words) {
        return switch (words.get(0).toUpperCase(Locale.ROOT)) {
            case "EVALSHA" -> SCRIPTS.getOrDefault(words.get(1), Kind.OTHER);
            case "EVAL" -> SOURCES.getOrDefault(words.get(1), Kind.OTHER);
            case "SET" -> words.contains("NX") ? Kind.ACQUIRE : Kind.OTHER;
            case "SETNX" -> Kind.ACQUIRE;
            case "GET" -> ofLock(words, Kind.LOOK);
            // GETSET takes over as well, and looks the same then; an acquisition always begins with SETNX
            case "PEXPIRE", "GETSET" -> ofLock(words, Kind.RENEW);
            case "DEL" -> ofLock(words, Kind.RELEASE);
            case "SUBSCRIBE", "SSUBSCRIBE" -> Kind.WATCH;
            default -> Kind.OTHER;
        };
    }

    private static Kind ofLock(List<String> words, Kind kind) {
        return words.get(1).startsWith("interlock:{") ? kind : Kind.OTHER;
    }

    /** Arguments may be secrets: AUTH and HELLO have passwords in them. */
    private static String text(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        return switch (name) {
            case "AUTH", "HELLO" -> name;
            case "EVAL" -> name + " " + kind(words);
            default -> String.join(" ", words);
        };
    }

    /** The words of the next whole array; empty if it is not all there. */
    private static Optional<List<String>> words(ByteBuffer bytes) {
        Optional<Integer> count = header(bytes, '*');
        if (count.isEmpty()) {
            return Optional.empty();
        }
        var words = new ArrayList<String>();
        for (int i = 0; i < count.get(); i++) {
            Optional<Integer> length = header(bytes, '$');
            if (length.isEmpty() || bytes.remaining() < length.get() + 2) {
                return Optional.empty();
            }
            byte[] word = new byte[length.get()];
            bytes.get(word);
            bytes.position(bytes.position() + 2);
            words.add(new String(word, StandardCharsets.UTF_8));
        }
        return Optional.of(words);
    }

    private static Optional<Integer> header(ByteBuffer bytes, char type) {
        if (!bytes.hasRemaining()) {
            return Optional.empty();
        }
        int first = bytes.get();
        if (first != type) {
            throw new IllegalArgumentException("not Redis' protocol: byte " + first + " where '" + type + "' must be");
        }
        var digits = new StringBuilder();
        while (bytes.remaining() >= 2) {
            char digit = (char) bytes.get();
            if (digit == '\r') {
                bytes.get();
                return Optional.of(Integer.valueOf(digits.toString()));
            }
            digits.append(digit);
        }
        return Optional.empty();
    }
}
