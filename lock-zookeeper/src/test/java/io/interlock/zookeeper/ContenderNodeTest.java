// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContenderNodeTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    /** As ZooKeeper names a sequential node. */
    private static String named(int sequence) {
        return "lease-" + ID + "-" + String.format(Locale.ENGLISH, "%010d", sequence);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -5, -1})
    void everySequenceIsReadAsItIsWritten(int sequence) {
        assertThat(ContenderNode.parse(named(sequence))).contains(new ContenderNode(named(sequence), ID, sequence));
    }

    @Test
    void theNameAfterTheWrapCarriesAMinusSign() {
        assertThat(ContenderNode.parse("lease-" + ID + "--2147483648")
                        .orElseThrow()
                        .sequence())
                .isEqualTo(Integer.MIN_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lease-0123456789abcdef0123456789abcdef-42",
                "lease-0123456789abcdef0123456789abcdef-00000000042",
                "lease-0123456789abcdef0123456789abcdef-2147483648",
                "lease-0123456789abcdef0123456789abcdef-9999999999",
                "lease-0123456789abcdef0123456789abcdef--2147483649",
                "lease-0123456789abcdef0123456789abcdef--0000000000",
                "lease-0123456789abcdef0123456789abcdef-000000004x",
                "lease-0123456789abcdef0123456789abcdef-",
                "lease-0123456789ABCDEF0123456789ABCDEF-0000000042",
                "lease-0123456789abcdef0123456789abcde-0000000042",
                "xlease-0123456789abcdef0123456789abcdef-0000000042",
                "lease-0123456789abcdef0123456789abcdef-0000000042x",
                "_c_0123456789abcdef-lock-0000000042",
                "lock-0000000042"
            })
    void whatIsNotOfOurMakingIsForeign(String name) {
        assertThat(ContenderNode.parse(name)).isEmpty();
    }

    @Test
    void theLineIsInOrderOfNumbersAndLeavesForeignChildrenOut() {
        assertThat(ContenderNode.inLine(List.of(named(10), "note", named(9), named(100))))
                .extracting(ContenderNode::sequence)
                .containsExactly(9, 10, 100);
    }

    @Test
    @Tag("Z.04")
    void theLineGoesOnOverTheWrap() {
        assertThat(ContenderNode.inLine(List.of(
                        named(Integer.MIN_VALUE + 1),
                        named(Integer.MAX_VALUE),
                        named(Integer.MIN_VALUE),
                        named(Integer.MAX_VALUE - 1))))
                .extracting(ContenderNode::sequence)
                .containsExactly(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1);
    }

    @Test
    void theLineGoesOnOverMinusOne() {
        assertThat(ContenderNode.inLine(List.of(named(0), named(-1), named(1), named(-2))))
                .extracting(ContenderNode::sequence)
                .containsExactly(-2, -1, 0, 1);
    }
}
