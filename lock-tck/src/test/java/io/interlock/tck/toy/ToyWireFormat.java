// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.tck.Command;
import io.interlock.tck.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The toy store's language: a command is a line. */
final class ToyWireFormat implements WireFormat {
    @Override
    public Reader newReader() {
        return ToyWireFormat::next;
    }

    private static Optional<Command> next(ByteBuffer unread) {
        var line = StandardCharsets.UTF_8.decode(unread.duplicate()).toString();
        int end = line.indexOf('\n');
        if (end < 0) {
            return Optional.empty();
        }
        String text = line.substring(0, end);
        return Optional.of(new Command(kind(text), text, text.getBytes(StandardCharsets.UTF_8).length + 1));
    }

    private static Command.Kind kind(String text) {
        return switch (text.split(" ", 2)[0]) {
            case "ACQUIRE", "SETNX" -> Command.Kind.ACQUIRE;
            case "RELEASE", "DEL" -> Command.Kind.RELEASE;
            case "RENEW", "EXPIRE" -> Command.Kind.RENEW;
            case "UNDO" -> Command.Kind.UNDO;
            case "WATCH" -> Command.Kind.WATCH;
            default -> Command.Kind.OTHER;
        };
    }
}
