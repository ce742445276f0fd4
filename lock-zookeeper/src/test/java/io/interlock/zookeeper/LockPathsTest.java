// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.HashSet;
import java.util.List;
import org.apache.zookeeper.common.PathUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockPathsTest {
    /** Frozen: a change would let old and new clients hold the same lock at once. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "job | /interlock/default/job",
                "A-z_09 | /interlock/default/A-z_09",
                ". | /interlock/default/%2E",
                ".. | /interlock/default/%2E%2E",
                "orders/42 | /interlock/default/orders%2F42",
                "`a b` | /interlock/default/a%20b",
                "50%25 | /interlock/default/50%2525",
                "zookeeper | /interlock/default/zookeeper",
                "é | /interlock/default/%C3%A9",
                "😀 | /interlock/default/%F0%9F%98%80",
                "{x}:y | /interlock/default/%7Bx%7D%3Ay"
            })
    void theMappingIsFrozen(String name, String path) {
        assertThat(LockPaths.of("/interlock", "default", name).lock()).isEqualTo(path);
    }

    @Test
    void everyByteIsEscapedInUpperCaseAndStaysALegalPath() {
        for (int c = 0; c < 256; c++) {
            String escaped = LockPaths.escape(String.valueOf((char) c));
            assertThat(escaped).matches("([A-Za-z0-9_-]|(%[0-9A-F]{2})+)");
            assertThatCode(() -> PathUtils.validatePath("/x/" + escaped)).doesNotThrowAnyException();
        }
    }

    @Test
    void differentNamesNeverMeet() {
        List<String> names = List.of(
                "a",
                "A",
                "a ",
                " a",
                "a\t",
                "é",
                "e\u0301",
                "e",
                "1",
                "01",
                "1.0",
                "a/b",
                "a%2Fb",
                "a%2fb",
                "a.b",
                "a_b",
                "%",
                "_",
                "a\\b",
                "Ａ",
                "a\u200db",
                "a\0",
                "%2E",
                ".");
        var paths = new HashSet<String>();
        names.forEach(
                name -> paths.add(LockPaths.of("/interlock", "default", name).lock()));
        assertThat(paths).hasSameSizeAs(names);
    }

    @Test
    void namespaceAndNameNeverMeetWithOthers() {
        assertThat(LockPaths.of("/x", "a.b", "c").lock()).isEqualTo("/x/a%2Eb/c");
        assertThat(LockPaths.of("/x", "a", "b/c").lock())
                .isNotEqualTo(LockPaths.of("/x", "a", "b").lock() + "/c");
    }

    @Test
    void theRootIsABase() {
        assertThat(LockPaths.of("/", "default", "job").lock()).isEqualTo("/default/job");
    }

    @Test
    void theChainIsAllThatStandsAboveTheContendersFromTheTop() {
        assertThat(LockPaths.of("/a/b", "default", "job").chain())
                .containsExactly("/a", "/a/b", "/a/b/default", "/a/b/default/job");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "名前", "a\u0000b"})
    void theLongestNameIsALegalPath(String part) {
        assertThatCode(() -> PathUtils.validatePath(
                        LockPaths.of("/interlock", "default", part.repeat(60)).lock()))
                .doesNotThrowAnyException();
    }
}
