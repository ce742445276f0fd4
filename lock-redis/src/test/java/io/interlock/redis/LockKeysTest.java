// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.spi.OwnerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LockKeysTest {
    private static final OwnerId OWNER = new OwnerId(1, 2);

    private static final List<String> NAMES = List.of(
            "orders/42",
            "a b",
            "a ",
            "A",
            "é",
            "e\u0301",
            "😀",
            "{x}",
            "x}:fence",
            "x}:undone:y",
            "}",
            "{",
            ":",
            "a:b");

    /** The file must never be edited for a change of the code: clients of both versions would hold one lock each. */
    @Test
    void mappingIsThatOfTheGoldenFile() throws IOException {
        try (var golden = LockKeysTest.class.getResourceAsStream("keys.golden")) {
            String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(mapping()).isEqualTo(expected);
        }
    }

    @Test
    @Tag("R.07")
    void r07_allKeysOfALockHaveOneHashTagThatIsNotEmpty() {
        for (String name : NAMES) {
            assertThat(keys("ns", name))
                    .allSatisfy(key -> assertThat(hashTag(key))
                            .isEqualTo(hashTag(keys("ns", name).get(0))));
            assertThat(hashTag(keys("ns", name).get(0))).startsWith("ns:");
        }
    }

    @Test
    @Tag("R.08")
    void distinctNamesAndNamespacesShareNoKey() {
        var all = new ArrayList<String>();
        for (String namespace : List.of("ns", "n", "ns.", "fence")) {
            for (String name : NAMES) {
                all.addAll(keys(namespace, name));
            }
        }
        assertThat(all).doesNotHaveDuplicates();
    }

    private static String mapping() {
        var lines = new ArrayList<String>();
        for (String name : NAMES) {
            lines.addAll(keys("default", name));
        }
        return String.join("\n", lines);
    }

    private static List<String> keys(String namespace, String name) {
        LockKeys keys = LockKeys.of(namespace, name);
        return List.of(keys.lock(), keys.fence(), keys.undone(OWNER), keys.forced(), keys.channel());
    }

    /** As the cluster specification has it: between the first opening brace and the first closing one after it. */
    private static String hashTag(String key) {
        int open = key.indexOf('{');
        return key.substring(open + 1, key.indexOf('}', open));
    }
}
