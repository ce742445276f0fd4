// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key of a lock's rows: namespace, colon, name, in UTF-8. Immutable.
 *
 * <p>Frozen: other versions of this library must find the same rows. Injective: a namespace has no colon.
 */
final class LockKey {
    /** 64 of the namespace, the colon, 255 of the name. */
    static final int MAX_BYTES = 320;

    private final byte[] bytes;

    private LockKey(byte[] bytes) {
        this.bytes = bytes;
    }

    static LockKey of(String namespace, String name) {
        return new LockKey((namespace + ":" + name).getBytes(StandardCharsets.UTF_8));
    }

    /** A key as it was found in a table. */
    static LockKey read(byte[] bytes) {
        return new LockKey(bytes.clone());
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LockKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** As hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
