// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.tck.Command;
import io.interlock.tck.Command.Kind;
import io.interlock.tck.WireFormat;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.ZooDefs.OpCode;

/** ZooKeeper's protocol from client to server: frames with their length before them. Thread-safe. */
final class JuteWireFormat implements WireFormat {
    /** More than any frame of ours, and less than four letters or another protocol's first bytes are as a number. */
    private static final int LONGEST = 4 * 1024 * 1024;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(OpCode.create, "create"),
            Map.entry(OpCode.create2, "create2"),
            Map.entry(OpCode.createContainer, "createContainer"),
            Map.entry(OpCode.createTTL, "createTTL"),
            Map.entry(OpCode.delete, "delete"),
            Map.entry(OpCode.exists, "exists"),
            Map.entry(OpCode.getData, "getData"),
            Map.entry(OpCode.setData, "setData"),
            Map.entry(OpCode.getChildren, "getChildren"),
            Map.entry(OpCode.getChildren2, "getChildren2"),
            Map.entry(OpCode.sync, "sync"),
            Map.entry(OpCode.check, "check"),
            Map.entry(OpCode.ping, "ping"),
            Map.entry(OpCode.auth, "auth"),
            Map.entry(OpCode.setWatches, "setWatches"),
            Map.entry(OpCode.setWatches2, "setWatches2"),
            Map.entry(OpCode.addWatch, "addWatch"),
            Map.entry(OpCode.removeWatches, "removeWatches"),
            Map.entry(OpCode.closeSession, "closeSession"));

    private final String base;

    /**
     * The format of clients whose locks are under one node.
     *
     * @param base to which heartbeats are sent
     */
    JuteWireFormat(String base) {
        this.base = base;
    }

    @Override
    public Reader newReader() {
        return new Frames();
    }

    /** A session has one connection. */
    @Override
    public boolean callsShareConnections() {
        return true;
    }

    /** The frames of one connection, of which the first one opens or continues a session. Confined to one thread. */
    private final class Frames implements Reader {
        private final Set<String> lookedAt = new HashSet<>();
        private boolean opened;

        @Override
        public Optional<Command> next(ByteBuffer unread) {
            if (unread.remaining() < Integer.BYTES) {
                return Optional.empty();
            }
            ByteBuffer bytes = unread.duplicate();
            int length = bytes.getInt();
            if (length < 0 || length > LONGEST) {
                throw new IllegalArgumentException("not ZooKeeper's protocol: a frame of " + length + " bytes");
            }
            if (bytes.remaining() < length) {
                return Optional.empty();
            }
            ByteBuffer frame = bytes.slice().limit(length);
            Command command =
                    opened ? request(frame, lookedAt) : new Command(Kind.OTHER, "connect", Integer.BYTES + length);
            opened = true;
            return Optional.of(command);
        }
    }

    private Command request(ByteBuffer frame, Set<String> lookedAt) {
        int length = Integer.BYTES + frame.remaining();
        try {
            frame.getInt(); // the request's number
            int type = frame.getInt();
            Operation what = type == OpCode.multi ? multi(frame) : operation(type, frame, lookedAt);
            return new Command(what.kind(), what.text(), length);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("not ZooKeeper's protocol: a frame that ends too soon", e);
        }
    }

    private record Operation(Kind kind, String text) {}

    /** Only paths are shown: data may be anything, and what authenticates is a secret. */
    private Operation operation(int type, ByteBuffer body, Set<String> lookedAt) {
        String name = NAMES.getOrDefault(type, "operation " + type);
        return switch (type) {
            case OpCode.create, OpCode.create2 -> of(body, name, Kind.ACQUIRE);
            case OpCode.delete -> of(body, name, Kind.RELEASE);
            case OpCode.createContainer, OpCode.createTTL, OpCode.setData, OpCode.check ->
                new Operation(Kind.OTHER, name + " " + path(body));
            case OpCode.sync -> sync(name, path(body), lookedAt);
            case OpCode.getChildren, OpCode.getChildren2 -> list(name, path(body), lookedAt);
            case OpCode.exists, OpCode.getData -> look(name, body);
            case OpCode.addWatch -> new Operation(Kind.WATCH, name + " " + path(body));
            default -> new Operation(Kind.OTHER, name);
        };
    }

    /** To the base, it is a heartbeat or a renewal; to a lock's node, a look at what others have. */
    private Operation sync(String name, String path, Set<String> lookedAt) {
        if (!path.equals(base)) {
            lookedAt.add(path);
        }
        return new Operation(path.equals(base) ? Kind.RENEW : Kind.OTHER, name + " " + path);
    }

    /** Whoever is in line lists to see whether it is first; who merely looks has asked for the latest before. */
    private static Operation list(String name, String path, Set<String> lookedAt) {
        return new Operation(lookedAt.remove(path) ? Kind.OTHER : Kind.ACQUIRE, name + " " + path);
    }

    private static Operation look(String name, ByteBuffer body) {
        String path = path(body);
        return body.get() == 0
                ? new Operation(Kind.OTHER, name + " " + path)
                : new Operation(Kind.WATCH, name + " " + path + " and watch it");
    }

    /** Of a contender's node, or of some other. */
    private static Operation of(ByteBuffer body, String name, Kind ofContender) {
        String path = path(body);
        boolean contender = path.substring(path.lastIndexOf('/') + 1).startsWith("lease-");
        return new Operation(contender ? ofContender : Kind.OTHER, name + " " + path);
    }

    private Operation multi(ByteBuffer body) {
        var parts = new ArrayList<Operation>();
        for (int type = header(body); type != OpCode.error; type = header(body)) {
            parts.add(part(type, body));
        }
        Kind kind = parts.stream()
                .map(Operation::kind)
                .filter(found -> found != Kind.OTHER)
                .findFirst()
                .orElse(Kind.OTHER);
        List<String> texts = parts.stream().map(Operation::text).toList();
        return new Operation(kind, "multi " + texts);
    }

    /** Type, whether it is the end, and an error that only answers have. */
    private static int header(ByteBuffer body) {
        int type = body.getInt();
        boolean end = body.get() != 0;
        body.getInt();
        return end ? OpCode.error : type;
    }

    private Operation part(int type, ByteBuffer body) {
        Operation part = operation(type, body, Set.of());
        switch (type) {
            case OpCode.create, OpCode.create2, OpCode.createContainer -> {
                skip(body);
                skipAcl(body);
                body.getInt();
            }
            case OpCode.delete, OpCode.check -> body.getInt();
            case OpCode.setData -> {
                skip(body);
                body.getInt();
            }
            default -> throw new IllegalArgumentException("a transaction with " + part.text() + " in it");
        }
        return part;
    }

    private static void skipAcl(ByteBuffer body) {
        int entries = body.getInt();
        for (int i = 0; i < entries; i++) {
            body.getInt();
            skip(body);
            skip(body);
        }
    }

    private static String path(ByteBuffer body) {
        return new String(bytes(body), StandardCharsets.UTF_8);
    }

    private static void skip(ByteBuffer body) {
        bytes(body);
    }

    private static byte[] bytes(ByteBuffer body) {
        int length = body.getInt();
        if (length > body.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[Math.max(0, length)];
        body.get(bytes);
        return bytes;
    }
}
