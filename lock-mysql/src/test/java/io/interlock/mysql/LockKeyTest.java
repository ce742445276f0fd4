// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockKeyTest {
    @Test
    void keyIsNamespaceColonNameInUtf8() {
        assertThat(text(LockKey.of("default", "orders/42"))).isEqualTo("default:orders/42");
        assertThat(text(LockKey.of("default", "é😀"))).isEqualTo("default:é😀");
    }

    @Test
    void differentNamesAndNamespacesNeverCollide() {
        List<LockKey> keys = List.of(
                LockKey.of("a", "b:c"),
                LockKey.of("a", "b"),
                LockKey.of("a", "b "),
                LockKey.of("a", "B"),
                LockKey.of("a.b", "c"),
                LockKey.of("a", ":b"));
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(LockKey.of("a", "b")).isEqualTo(LockKey.of("a", "b")).hasSameHashCodeAs(LockKey.of("a", "b"));
    }

    @Test
    void longestNamespaceAndNameFit() {
        assertThat(LockKey.of("n".repeat(64), "x".repeat(255)).bytes()).hasSize(LockKey.MAX_BYTES);
    }

    private static String text(LockKey key) {
        return new String(key.bytes(), StandardCharsets.UTF_8);
    }
}
