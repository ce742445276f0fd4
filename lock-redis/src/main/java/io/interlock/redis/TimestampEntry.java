// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lock of the variant {@code setnx-timestamp}: a text of the time when it ends, in milliseconds since 1970 on the
 * clock of whoever wrote it, a space, and the rest as in the other plain variants. Immutable.
 *
 * @param end when it ends, by the writer's clock
 * @param entry owner and holder
 */
record TimestampEntry(Instant end, TextEntry entry) {
    private static final Pattern TEXT = Pattern.compile("(?<end>\\d{1,15}) (?<entry>.*)", Pattern.DOTALL);

    /**
     * Reads an entry.
     *
     * @throws LockBackendException if no lock made it
     */
    static TimestampEntry parse(RedisErrors errors, StoreCall call, String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw errors.strangersText(call);
        }
        return new TimestampEntry(
                Instant.ofEpochMilli(Long.parseLong(parts.group("end"))),
                TextEntry.parse(errors, call, parts.group("entry")));
    }

    /** Whether it is over by the reader's clock, which need not be the writer's. */
    boolean isOver(Instant now) {
        return !end.isAfter(now);
    }

    /** A tampered entry may end in ages. */
    Duration left(Instant now) {
        return Duration.between(now, end);
    }

    String text() {
        return end.toEpochMilli() + " " + entry.text();
    }
}
