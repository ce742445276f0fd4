// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The language that clients speak to one kind of store: what the fault proxy needs to stop a chosen command. Thread-safe. */
public interface WireFormat {
    /** {@return a reader for one new connection} */
    Reader newReader();

    /**
     * Whether a client sends the requests of all its calls over one connection, such as that of its session: then a
     * command that is held up holds up every other call of the client.
     *
     * @return false unless the format says otherwise
     */
    default boolean callsShareConnections() {
        return false;
    }

    /** Cuts one connection's stream of requests into commands. Confined to one thread. */
    interface Reader {
        /**
         * The next whole command.
         *
         * @param unread bytes that came from the client and were not passed on yet; the position does not matter after
         *     the call, {@link Command#length} says how many bytes from its start the command takes
         * @return the command; empty: more bytes must come first
         * @throws IllegalArgumentException if this is not the language
         */
        Optional<Command> next(ByteBuffer unread);
    }
}
