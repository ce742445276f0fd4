// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.tck.Command;
import io.interlock.tck.Command.Kind;
import io.interlock.tck.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SyncRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Read are the very bytes that ZooKeeper's client makes. */
class JuteWireFormatTest {
    private static final List<ACL> OPEN = List.of(new ACL(Perms.ALL, new Id("world", "anyone")));
    private static final String LOCK = "/interlock/default/a";
    private static final String NODE = LOCK + "/lease-" + "0".repeat(32) + "-";

    private final WireFormat.Reader reader = new JuteWireFormat("/interlock").newReader();

    @BeforeEach
    void openTheSession() throws IOException {
        var connect = new ConnectRequest(0, 0, 3000, 0, new byte[16], false);
        assertThat(read(frame(connect)).text()).isEqualTo("connect");
    }

    @Test
    void readsOneRequestAfterTheOther() throws IOException {
        byte[] first = request(OpCode.create2, create(NODE));
        byte[] second = request(OpCode.getChildren2, new GetChildrenRequest(LOCK, false));
        ByteBuffer both =
                ByteBuffer.allocate(first.length + second.length).put(first).put(second);
        both.flip();
        Command create = reader.next(both).orElseThrow();
        assertThat(create).isEqualTo(new Command(Kind.ACQUIRE, "create2 " + NODE, first.length));
        both.position(create.length());
        assertThat(reader.next(both)).contains(new Command(Kind.ACQUIRE, "getChildren2 " + LOCK, second.length));
    }

    @Test
    void waitsForTheWholeRequest() throws IOException {
        byte[] whole = request(OpCode.getData, new GetDataRequest(NODE, true));
        for (int length = 0; length < whole.length; length++) {
            assertThat(reader.next(ByteBuffer.wrap(whole, 0, length)))
                    .as(length + " bytes")
                    .isEmpty();
        }
        assertThat(read(whole).kind()).isEqualTo(Kind.WATCH);
    }

    @Test
    void tellsOneKindFromAnother() throws IOException {
        assertThat(read(request(OpCode.createContainer, create(LOCK))).kind()).isEqualTo(Kind.OTHER);
        assertThat(read(request(OpCode.create, create(LOCK))).kind()).isEqualTo(Kind.OTHER);
        assertThat(read(request(OpCode.delete, new DeleteRequest(NODE, -1))).kind())
                .isEqualTo(Kind.RELEASE);
        assertThat(read(request(OpCode.delete, new DeleteRequest(LOCK, -1))).kind())
                .isEqualTo(Kind.OTHER);
        assertThat(read(request(OpCode.sync, new SyncRequest("/interlock"))).kind())
                .isEqualTo(Kind.RENEW);
        assertThat(read(request(OpCode.sync, new SyncRequest(LOCK))).kind()).isEqualTo(Kind.OTHER);
        assertThat(read(request(OpCode.getData, new GetDataRequest(LOCK, false)))
                        .kind())
                .isEqualTo(Kind.OTHER);
    }

    @Test
    void listAfterASyncIsNoAttempt() throws IOException {
        byte[] list = request(OpCode.getChildren2, new GetChildrenRequest(LOCK, false));
        read(request(OpCode.sync, new SyncRequest(LOCK)));
        assertThat(read(list).kind()).isEqualTo(Kind.OTHER);
        assertThat(read(list).kind()).isEqualTo(Kind.ACQUIRE);
    }

    @Test
    void looksIntoTransactions() throws IOException {
        var release = new MultiOperationRecord(List.of(
                Op.check(LOCK, 3),
                Op.setData(LOCK, new byte[20], 3),
                Op.create(LOCK + "/x", new byte[1], OPEN, CreateMode.PERSISTENT),
                Op.delete(NODE, -1)));
        Command command = read(request(OpCode.multi, release));
        assertThat(command.kind()).isEqualTo(Kind.RELEASE);
        assertThat(command.text())
                .isEqualTo(
                        "multi [check " + LOCK + ", setData " + LOCK + ", create " + LOCK + "/x, delete " + NODE + "]");
        var raise = new MultiOperationRecord(List.of(Op.check(NODE, 0), Op.setData(LOCK, new byte[20], 3)));
        assertThat(read(request(OpCode.multi, raise)).kind()).isEqualTo(Kind.OTHER);
    }

    @Test
    void showsNoPasswordAndNoData() throws IOException {
        var auth = new AuthPacket(0, "digest", "user:hunter2".getBytes(StandardCharsets.UTF_8));
        assertThat(read(request(OpCode.auth, auth)).text()).isEqualTo("auth");
        var secret = new CreateRequest(NODE, "hunter2".getBytes(StandardCharsets.UTF_8), OPEN, 0);
        assertThat(read(request(OpCode.create, secret)).text()).doesNotContain("hunter2");
    }

    @Test
    void refusesAnotherProtocol() {
        assertThatThrownBy(() -> reader.next(ByteBuffer.wrap("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not ZooKeeper's protocol");
        assertThatThrownBy(() -> read(ByteBuffer.allocate(9).putInt(5).array()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ends too soon");
    }

    private Command read(byte[] bytes) {
        return reader.next(ByteBuffer.wrap(bytes)).orElseThrow();
    }

    private static CreateRequest create(String path) {
        return new CreateRequest(path, new byte[5], OPEN, 0);
    }

    private static byte[] request(int type, Record body) throws IOException {
        return frame(new RequestHeader(7, type), body);
    }

    private static byte[] frame(Record... parts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var archive = BinaryOutputArchive.getArchive(bytes);
        for (Record part : parts) {
            part.serialize(archive, "part");
        }
        return ByteBuffer.allocate(Integer.BYTES + bytes.size())
                .putInt(bytes.size())
                .put(bytes.toByteArray())
                .array();
    }
}
