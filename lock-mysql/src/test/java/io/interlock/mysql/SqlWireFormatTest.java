// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.tck.Command;
import io.interlock.tck.Command.Kind;
import io.interlock.tck.WireFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SqlWireFormatTest {
    private static final int TLS = 1 << 11;
    private static final int QUERY_ATTRIBUTES = 1 << 27;

    private final WireFormat.Reader reader =
            new SqlWireFormat(sql -> sql.startsWith("insert") ? Kind.ACQUIRE : Kind.OTHER).newReader();

    @Test
    void readsOneStatementAfterTheOther() {
        greet(0);
        ByteBuffer two = join(query("insert into größe"), query("select 1"));
        Command first = reader.next(two).orElseThrow();
        assertThat(first).isEqualTo(new Command(Kind.ACQUIRE, "insert into größe", 24));
        two.position(first.length());
        assertThat(reader.next(two)).contains(new Command(Kind.OTHER, "select 1", 13));
    }

    @Test
    void waitsForTheWholePacket() {
        greet(0);
        ByteBuffer whole = query("insert into t");
        for (int length = 0; length < whole.limit(); length++) {
            assertThat(reader.next(whole.duplicate().limit(length)))
                    .as(length + " bytes")
                    .isEmpty();
        }
        assertThat(reader.next(whole).orElseThrow().kind()).isEqualTo(Kind.ACQUIRE);
    }

    @Test
    void showsNothingOfTheLogin() {
        Command greeting = greet(0);
        assertThat(greeting.text()).isEqualTo("connection set-up");
        Command password = reader.next(packet(3, "hunter2")).orElseThrow();
        assertThat(password).isEqualTo(new Command(Kind.OTHER, "connection set-up", 11));
    }

    @Test
    void skipsTheCountOfAttributesWhereTheClientSendsIt() {
        greet(QUERY_ATTRIBUTES);
        assertThat(reader.next(packet(0, "\3\0\1insert into t")).orElseThrow())
                .isEqualTo(new Command(Kind.ACQUIRE, "insert into t", 20));
    }

    @Test
    void executionOfWhatWasJustPreparedIsThatStatement() {
        greet(0);
        assertThat(reader.next(packet(0, "\26insert into t")).orElseThrow())
                .isEqualTo(new Command(Kind.OTHER, "PREPARE insert into t", 18));
        ByteBuffer last = ByteBuffer.wrap(new byte[] {5, 0, 0, 0, 0x17, -1, -1, -1, -1});
        assertThat(reader.next(last).orElseThrow().kind()).isEqualTo(Kind.ACQUIRE);
        ByteBuffer numbered = ByteBuffer.wrap(new byte[] {5, 0, 0, 0, 0x17, 1, 0, 0, 0});
        assertThat(reader.next(numbered).orElseThrow()).isEqualTo(new Command(Kind.OTHER, "EXECUTE", 9));
    }

    @Test
    void otherCommandsAreNothingInParticular() {
        greet(0);
        assertThat(reader.next(packet(0, "\16"))).contains(new Command(Kind.OTHER, "command 14", 5));
    }

    @Test
    void longStatementsAreShortenedInMessages() {
        greet(0);
        Command read = reader.next(query("insert " + "x".repeat(1_000))).orElseThrow();
        assertThat(read.text()).hasSizeLessThan(500).endsWith("…");
        assertThat(read.length()).isEqualTo(1_012);
    }

    @Test
    void refusesAnotherProtocolAndTls() {
        var http = ByteBuffer.wrap("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> reader.next(http))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not MySQL's protocol");
        assertThatThrownBy(() -> greet(TLS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS");
    }

    private Command greet(int flags) {
        var body = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(flags);
        return reader.next(packet(1, body.array())).orElseThrow();
    }

    private static ByteBuffer query(String sql) {
        return packet(0, "\3" + sql);
    }

    private static ByteBuffer packet(int sequence, String body) {
        return packet(sequence, body.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer packet(int sequence, byte[] body) {
        var packet = ByteBuffer.allocate(4 + body.length).order(ByteOrder.LITTLE_ENDIAN);
        packet.putInt(body.length | sequence << 24).put(body);
        return packet.flip();
    }

    private static ByteBuffer join(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }
}
