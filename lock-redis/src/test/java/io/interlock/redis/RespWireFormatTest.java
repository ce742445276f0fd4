// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.tck.Command;
import io.interlock.tck.Command.Kind;
import io.interlock.tck.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RespWireFormatTest {
    private static final String LOCK = "interlock:{name}";

    private final WireFormat.Reader reader = new RespWireFormat().newReader();

    @Test
    void readsOneCommandAfterTheOther() {
        byte[] first = resp("SET", "key", "value", "NX", "PX", "1000");
        byte[] second = resp("GET", "größe");
        ByteBuffer both =
                ByteBuffer.allocate(first.length + second.length).put(first).put(second);
        both.flip();
        Command set = reader.next(both).orElseThrow();
        assertThat(set).isEqualTo(new Command(Kind.ACQUIRE, "SET key value NX PX 1000", first.length));
        both.position(set.length());
        assertThat(reader.next(both)).contains(new Command(Kind.OTHER, "GET größe", second.length));
    }

    @Test
    void waitsForTheWholeCommand() {
        byte[] whole = resp("SUBSCRIBE", "channel");
        for (int length = 0; length < whole.length; length++) {
            assertThat(reader.next(ByteBuffer.wrap(whole, 0, length)))
                    .as(length + " bytes")
                    .isEmpty();
        }
        assertThat(reader.next(ByteBuffer.wrap(whole)).orElseThrow().kind()).isEqualTo(Kind.WATCH);
    }

    @ParameterizedTest
    @EnumSource(
            value = Script.class,
            names = {"ACQUIRE", "RELEASE", "UNDO", "RENEW"})
    void knowsTheScriptsByNameAndByText(Script script) {
        Kind kind = Kind.valueOf(script.name());
        assertThat(kindOf("EVALSHA", script.sha(), "0")).isEqualTo(kind);
        assertThat(kindOf("EVAL", script.source(), "0")).isEqualTo(kind);
    }

    @Test
    void aStrangersScriptIsNothingInParticular() {
        assertThat(kindOf("EVALSHA", "0".repeat(40), "0")).isEqualTo(Kind.OTHER);
        assertThat(kindOf("SET", "key", "value")).isEqualTo(Kind.OTHER);
    }

    @Test
    void aSecondStepIsPartOfTheFirst() {
        assertThat(kindOf("SETNX", LOCK, "value")).isEqualTo(Kind.ACQUIRE);
        assertThat(kindOf("GET", LOCK)).isEqualTo(Kind.OTHER);
        assertThat(kindOf("GET", LOCK)).isEqualTo(Kind.LOOK);
        assertThat(kindOf("SETNX", LOCK, "value")).isEqualTo(Kind.ACQUIRE);
        assertThat(kindOf("PEXPIRE", LOCK, "1000")).isEqualTo(Kind.OTHER);
        assertThat(kindOf("PEXPIRE", LOCK, "1000")).isEqualTo(Kind.RENEW);
        assertThat(kindOf("GET", "another's")).isEqualTo(Kind.OTHER);
    }

    @Test
    void showsNoPassword() {
        assertThat(read("AUTH", "user", "hunter2").text()).isEqualTo("AUTH");
        assertThat(read("HELLO", "3", "AUTH", "user", "hunter2").text()).isEqualTo("HELLO");
    }

    @Test
    void refusesAnotherProtocol() {
        assertThatThrownBy(() -> reader.next(ByteBuffer.wrap("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not Redis' protocol");
    }

    private Kind kindOf(String... words) {
        return read(words).kind();
    }

    private Command read(String... words) {
        return reader.next(ByteBuffer.wrap(resp(words))).orElseThrow();
    }

    private static byte[] resp(String... words) {
        var text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : List.of(words)) {
            text.append('$')
                    .append(word.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
            text.append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
