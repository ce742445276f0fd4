// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the untyped replies of Redis, which are bytes, whole numbers, lists or nil under RESP2 and RESP3 alike. */
final class Replies {
    private Replies() {}

    static List<?> list(@Nullable Object reply) {
        if (reply instanceof List<?> list) {
            return list;
        }
        throw unexpected(reply);
    }

    static long number(@Nullable Object reply) {
        if (reply instanceof Long number) {
            return number;
        }
        throw unexpected(reply);
    }

    /** The text, or null for nil. */
    static @Nullable String text(@Nullable Object reply) {
        if (reply == null) {
            return null;
        }
        if (reply instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        throw unexpected(reply);
    }

    /** Ambiguous: whatever answered did not speak as our scripts do, so nobody knows what it did. */
    private static LockBackendException unexpected(@Nullable Object reply) {
        String type = reply == null ? "nil" : reply.getClass().getSimpleName();
        return new LockBackendException("redis sent an unexpected reply of type " + type, null, true);
    }
}
