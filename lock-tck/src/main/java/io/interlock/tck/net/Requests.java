// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.Command;
import io.interlock.tck.WireFormat;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commands of one connection, which go one after the other past the faults that wait for them. Confined to the loop. */
final class Requests {
    private final Connection connection;
    private final CommandFaults faults;
    private final WireFormat.Reader reader;
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private @Nullable HoldFault stoppedBy;
    private boolean losesReply; // the connection ends with the reply, so nothing may follow
    private boolean ended;

    Requests(Connection connection, CommandFaults faults, WireFormat.Reader reader) {
        this.connection = connection;
        this.faults = faults;
        this.reader = reader;
    }

    void received(ByteBuffer bytes) {
        var all = ByteBuffer.allocate(unread.remaining() + bytes.remaining());
        unread = all.put(unread).put(bytes).flip();
        advance();
    }

    void end() {
        ended = true;
        advance();
    }

    /** Looks at commands until one has to wait, or none is whole. */
    void advance() {
        while (stoppedBy == null && !losesReply && !faults.isShut()) {
            Optional<Command> command = next();
            if (command.isEmpty()) {
                passEnd();
                return;
            }
            meet(command.get(), take(command.get().length()));
        }
    }

    /** No fault stands in the way any more. */
    void heal() {
        losesReply = false;
        if (stoppedBy != null) {
            stoppedBy.letGo();
        }
        advance();
    }

    void forget() {
        unread = ByteBuffer.allocate(0);
        ended = false;
        if (stoppedBy != null) {
            stoppedBy.forget();
            stoppedBy = null;
        }
    }

    private void meet(Command command, ByteBuffer bytes) {
        HoldFault hold = faults.holdFor(command).orElse(null);
        if (hold == null) {
            pass(command, bytes);
            return;
        }
        stoppedBy = hold;
        hold.stopped(command, () -> goOn(command, bytes), connection::end);
    }

    private void goOn(Command command, ByteBuffer bytes) {
        stoppedBy = null;
        pass(command, bytes);
        advance();
    }

    private void pass(Command command, ByteBuffer bytes) {
        Optional<ReplyLoss> loss = faults.pass(command);
        losesReply = loss.isPresent();
        loss.ifPresentOrElse(
                lost -> connection.sendAndLoseReply(bytes, () -> lost.replied(connection, command)),
                () -> connection.send(bytes));
    }

    /** Half a command goes on too: what to make of it is the store's business. */
    private void passEnd() {
        if (ended) {
            ended = false;
            if (unread.hasRemaining()) {
                connection.send(take(unread.remaining()));
            }
            connection.sendEnd();
        }
    }

    private Optional<Command> next() {
        if (!unread.hasRemaining()) {
            return Optional.empty();
        }
        try {
            Optional<Command> command = reader.next(unread.slice());
            command.ifPresent(this::checkLength);
            return command;
        } catch (RuntimeException unreadable) {
            connection.breakDown(unreadable);
            return Optional.empty();
        }
    }

    private void checkLength(Command command) {
        if (command.length() < 1 || command.length() > unread.remaining()) {
            throw new IllegalArgumentException("command '" + command.text() + "' of " + command.length()
                    + " bytes: there are " + unread.remaining());
        }
    }

    private ByteBuffer take(int length) {
        var bytes = ByteBuffer.allocate(length);
        bytes.put(unread.slice().limit(length)).flip();
        unread.position(unread.position() + length);
        return bytes;
    }
}
