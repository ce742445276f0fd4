// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.memory.MemoryLocks;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockNamesTest {
    private final MemoryLocks locks = MemoryLocks.create();
    private final LockClient client = locks.newClient();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void namesUpTo255BytesOfUtf8Work() {
        for (String name : List.of("a", "x".repeat(255), "é".repeat(127) + "x", "🚀".repeat(63), "a\0b", " ", "İ")) {
            assertThat(client.lock(name).name()).isEqualTo(name);
            assertThat(client.lock(name).tryAcquire()).isPresent();
        }
    }

    @Test
    void longerOnesAreRefusedWithTheLimit() {
        for (String name : List.of("x".repeat(256), "é".repeat(128), "🚀".repeat(64), "x".repeat(100_000))) {
            assertThatThrownBy(() -> client.lock(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("255");
        }
        assertThat(locks.commandCount()).isZero();
    }

    @Test
    void emptyNamesAndLoneSurrogatesAreRefused() {
        assertThatThrownBy(() -> client.lock("")).isInstanceOf(IllegalArgumentException.class);
        for (String name : List.of("\ud83d", "a\ude80", "\ude80\ud83d")) {
            assertThatThrownBy(() -> client.lock(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("surrogate");
        }
        assertThatThrownBy(() -> client.holder("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.forceRelease("", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void distinctStringsAreDistinctLocks() {
        var names = List.of(
                "a", "A", "a ", " a", "a\t", "é", "e\u0301", "e", "ß", "ss", "İ", "i", "ı", "😀", "🚀", "a\0", "1",
                "01", "a:b", "a/b", "a.b", "a_b", "%", "_", "{x}a", "{x}b", "Ａ", "a\u200d");
        var leases = new HashSet<Lease>();
        for (String name : names) {
            leases.add(client.lock(name).tryAcquire().orElseThrow());
        }
        assertThat(leases).hasSameSizeAs(names);
    }

    @Test
    void namespaceAndNameNeverCollide() {
        try (var other = locks.newClient(
                LockConfig.builder().set("namespace", "default.a").build())) {
            assertThat(client.lock("a.b").tryAcquire()).isPresent();
            assertThat(other.lock("b").tryAcquire()).isPresent();
            assertThat(other.lock("a.b").tryAcquire()).isPresent();
        }
    }
}
