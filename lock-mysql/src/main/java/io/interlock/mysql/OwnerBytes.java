// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.spi.OwnerId;
import java.nio.ByteBuffer;

/** Owner ids as the sixteen bytes that the tables hold. */
final class OwnerBytes {
    static final int LENGTH = 16;

    /** The owner of a free lock in {@code row}; no random id is this one. */
    static final OwnerId NOBODY = new OwnerId(0, 0);

    private OwnerBytes() {}

    static byte[] of(OwnerId owner) {
        return ByteBuffer.allocate(LENGTH)
                .putLong(owner.high())
                .putLong(owner.low())
                .array();
    }

    static OwnerId read(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return new OwnerId(buffer.getLong(), buffer.getLong());
    }
}
