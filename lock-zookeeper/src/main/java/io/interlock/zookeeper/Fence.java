// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pair on a lock's node from which all its fencing tokens are counted, written {@code value anchor}. Immutable.
 *
 * @param value the token of the contender whose sequence is the anchor
 * @param anchor a sequence
 */
record Fence(long value, int anchor) {
    private static final Pattern TEXT = Pattern.compile("(?<value>\\d{1,18}) (?<anchor>-?\\d{1,10})");

    /**
     * Reads the lock's node.
     *
     * @return empty if the pair was never set
     * @throws IllegalArgumentException if there is something else
     */
    static Optional<Fence> parse(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a pair of value and anchor: '" + text + "'");
        }
        return Optional.of(new Fence(Long.parseLong(parts.group("value")), Integer.parseInt(parts.group("anchor"))));
    }

    byte[] bytes() {
        return (value + " " + anchor).getBytes(StandardCharsets.US_ASCII);
    }
}
