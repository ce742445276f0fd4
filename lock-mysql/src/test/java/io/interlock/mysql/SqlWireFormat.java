// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.tck.Command;
import io.interlock.tck.Command.Kind;
import io.interlock.tck.WireFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * The protocol of MySQL and MariaDB from client to server, without TLS and without compression: packets of a length, a
 * sequence number and a body. Thread-safe.
 */
final class SqlWireFormat implements WireFormat {
    private static final int HEADER = 4;
    private static final int COM_QUERY = 0x03;
    private static final int COM_STMT_PREPARE = 0x16;
    private static final int COM_STMT_EXECUTE = 0x17;
    /** MariaDB's name for the statement that was prepared last. */
    private static final int LAST_PREPARED = -1;

    private static final int FLAG_TLS = 1 << 11;
    private static final int FLAG_QUERY_ATTRIBUTES = 1 << 27;
    private static final int TEXT_LIMIT = 400;

    private final Function<String, Kind> kinds;

    /**
     * A format.
     *
     * @param kinds tells what the lock wants with a statement
     */
    SqlWireFormat(Function<String, Kind> kinds) {
        this.kinds = kinds;
    }

    @Override
    public Reader newReader() {
        return new PacketReader();
    }

    /** One connection: what the client can do, it says in its first packet. */
    private final class PacketReader implements Reader {
        private boolean greeted;
        private boolean attributes;
        private String prepared = "";

        @Override
        public Optional<Command> next(ByteBuffer unread) {
            var bytes = unread.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() < HEADER) {
                return Optional.empty();
            }
            int header = bytes.getInt();
            int length = header & 0xFFFFFF;
            int sequence = header >>> 24;
            if (!greeted && sequence != 1) {
                throw new IllegalArgumentException(
                        "not MySQL's protocol: sequence number " + sequence + " in a client's first packet");
            }
            if (bytes.remaining() < length) {
                return Optional.empty();
            }
            bytes.limit(bytes.position() + length);
            return Optional.of(command(sequence, bytes, HEADER + length));
        }

        private Command command(int sequence, ByteBuffer body, int length) {
            if (sequence != 0) {
                greet(body);
                // passwords are in here
                return new Command(Kind.OTHER, "connection set-up", length);
            }
            int code = body.get();
            return switch (code) {
                case COM_QUERY -> statement(query(body), length);
                case COM_STMT_PREPARE -> {
                    prepared = text(body);
                    yield new Command(Kind.OTHER, shortened("PREPARE " + prepared), length);
                }
                case COM_STMT_EXECUTE ->
                    body.getInt() == LAST_PREPARED
                            ? statement(prepared, length)
                            // the number is the server's, and its answers pass this reader by
                            : new Command(Kind.OTHER, "EXECUTE", length);
                default -> new Command(Kind.OTHER, "command " + code, length);
            };
        }

        private void greet(ByteBuffer body) {
            if (!greeted) {
                int flags = body.getInt();
                if ((flags & FLAG_TLS) != 0) {
                    throw new IllegalArgumentException("MySQL's protocol with TLS can't be read");
                }
                attributes = (flags & FLAG_QUERY_ATTRIBUTES) != 0;
                greeted = true;
            }
        }

        private String query(ByteBuffer body) {
            if (attributes) {
                // how many attributes there are, and how many sets of them; drivers send none unless they are told to
                body.getShort();
            }
            return text(body);
        }

        private Command statement(String sql, int length) {
            return new Command(kinds.apply(sql), shortened(sql), length);
        }
    }

    private static String text(ByteBuffer body) {
        return StandardCharsets.UTF_8.decode(body).toString();
    }

    private static String shortened(String text) {
        return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT) + "…";
    }
}
