// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A random 128-bit id, made anew for each request that can grant, before it is sent. Only its owner frees or prolongs.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record OwnerId(long high, long low) {
    /**
     * A new id.
     *
     * @param random unguessable, so that no other client can free by chance or by malice
     * @return an id that nobody used before
     */
    public static OwnerId random(RandomGenerator random) {
        return new OwnerId(random.nextLong(), random.nextLong());
    }

    /** {@return 32 hexadecimal digits} */
    @Override
    public String toString() {
        var hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
