// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.WireFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** A link of loopback proxies. Thread-safe: everything is done on its loop. */
final class FaultLink implements Link {
    private final Optional<WireFormat> format;
    private final CommandFaults commandFaults = new CommandFaults();
    private final Map<InetSocketAddress, Door> doors = new HashMap<>(); // confined to the loop
    private final Set<Connection> connections = new LinkedHashSet<>(); // confined to the loop
    private Passage passage = Passage.OPEN; // confined to the loop
    private LongSupplier delay = () -> 0; // confined to the loop
    private final LinkLoop loop = new LinkLoop(); // last: its thread may see the rest

    /** What becomes of bytes and of new connections. */
    private enum Passage {
        OPEN,
        CUT,
        BLACK_HOLE
    }

    FaultLink(Optional<WireFormat> format) {
        this.format = format;
    }

    @Override
    public InetSocketAddress endFor(InetSocketAddress server) {
        var target = new InetSocketAddress(server.getHostString(), server.getPort());
        if (target.isUnresolved()) {
            throw new IllegalArgumentException("server " + server + ": the host is unknown");
        }
        return loop.call(() -> doors.computeIfAbsent(
                        target, address -> new Door(loop, client -> accepted(address, client)))
                .address());
    }

    @Override
    public int servers() {
        return loop.call(doors::size);
    }

    @Override
    public void reset() {
        loop.run(this::endAll);
    }

    @Override
    public void cut() {
        loop.run(this::cutNow);
    }

    @Override
    public void blackHole() {
        loop.run(() -> {
            passage = Passage.BLACK_HOLE;
            connections.forEach(Connection::loseWhatIsUnderWay);
        });
    }

    @Override
    public void goDeaf() {
        loop.run(() -> connections.forEach(Connection::goDeaf));
    }

    @Override
    public void delay(Duration least, Duration most, RandomGenerator random) {
        long shortest = least.toNanos();
        long longest = most.toNanos();
        if (shortest < 0 || longest < shortest) {
            throw new IllegalArgumentException("delay from " + least + " to " + most + ": must be a range from 0 on");
        }
        loop.run(() -> delay = () -> shortest == longest ? shortest : random.nextLong(shortest, longest + 1));
    }

    @Override
    public void heal() {
        loop.runUnlessClosed(() -> {
            passage = Passage.OPEN;
            delay = () -> 0;
            commandFaults.clear();
            List.copyOf(connections).forEach(Connection::heal);
        });
    }

    @Override
    public boolean tellsCommandsApart() {
        return format.isPresent();
    }

    @Override
    public boolean callsShareConnections() {
        return format.map(WireFormat::callsShareConnections).orElse(false);
    }

    @Override
    public Held hold(Predicate<Command> which) {
        requireFormat("hold");
        var hold = new HoldFault(loop, commandFaults, which);
        loop.run(() -> commandFaults.add(hold));
        return hold;
    }

    @Override
    public Fault loseReply(Predicate<Command> which) {
        requireFormat("loseReply");
        return add(ReplyLoss.of(loop, which));
    }

    @Override
    public Fault cutAfter(int commands) {
        requireFormat("cutAfter");
        if (commands < 1) {
            throw new IllegalArgumentException("commands = " + commands + ": must be at least 1");
        }
        return add(ReplyLoss.afterCommands(loop, commands, this::cutNow));
    }

    @Override
    public long commandCount() {
        requireFormat("commandCount");
        return loop.call(commandFaults::passed);
    }

    @Override
    public void close() {
        loop.close();
    }

    LinkLoop loop() {
        return loop;
    }

    CommandFaults commandFaults() {
        return commandFaults;
    }

    boolean isBlackHole() {
        return passage == Passage.BLACK_HOLE;
    }

    long delayNanos() {
        return delay.getAsLong();
    }

    void forget(Connection connection) {
        connections.remove(connection);
    }

    private Fault add(ReplyLoss loss) {
        loop.run(() -> commandFaults.add(loss));
        return loss;
    }

    private void cutNow() {
        passage = Passage.CUT;
        endAll();
    }

    private void endAll() {
        List.copyOf(connections).forEach(Connection::end);
    }

    private void accepted(InetSocketAddress target, SocketChannel client) {
        if (passage == Passage.CUT) {
            Sockets.abort(client);
            return;
        }
        try {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var connection = new Connection(this, target, client, format);
            connections.add(connection);
            if (passage == Passage.OPEN) {
                connection.dial();
            }
        } catch (IOException gone) {
            Sockets.close(client);
        }
    }

    private void requireFormat(String what) {
        loop.requireSound();
        if (format.isEmpty()) {
            throw new UnsupportedOperationException(
                    what + " needs to tell commands apart: give the backend a WireFormat");
        }
    }
}
