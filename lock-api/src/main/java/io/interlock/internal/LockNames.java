// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The rule for names of locks, the same for every backend. */
public final class LockNames {
    private static final int MAX_BYTES = 255;

    private LockNames() {}

    /**
     * Refuses what can't be a name, before anything is sent.
     *
     * @param name a candidate
     * @return the same
     * @throws IllegalArgumentException if it is empty, longer than 255 UTF-8 bytes, or has a lone surrogate
     */
    public static String require(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("lock name: must not be empty");
        }
        if (name.length() > MAX_BYTES || utf8(name).remaining() > MAX_BYTES) {
            throw new IllegalArgumentException("lock name '" + name.substring(0, Math.min(40, name.length()))
                    + "…' is too long: at most " + MAX_BYTES + " bytes in UTF-8");
        }
        return name;
    }

    private static ByteBuffer utf8(String name) {
        try {
            // a fresh encoder reports lone surrogates, which String.getBytes would turn into question marks: two names
            // would then be one lock
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
        } catch (CharacterCodingException loneSurrogate) {
            throw new IllegalArgumentException("lock name has a lone surrogate: not a Unicode string", loneSurrogate);
        }
    }
}
