// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.OwnerId;

/**
 * The store's keys of one lock name. Immutable.
 *
 * <p>Frozen: other versions of this library must find the same entries. Injective: a namespace has no colon, only the
 * lock's own key ends in a brace, and the other keys end in words of their own. All keys of a lock share everything up
 * to the name's first closing brace, which is the hash tag, and so one cluster slot; the tag is never empty because a
 * namespace is not.
 *
 * @param lock the key of the lock itself
 */
record LockKeys(String lock) {
    static LockKeys of(String namespace, String name) {
        return new LockKeys("interlock:{" + namespace + ":" + name + "}");
    }

    /** The key of the last fencing token. */
    String fence() {
        return lock + ":fence";
    }

    /** The key that blocks an owner id whose request may still be on its way. */
    String undone(OwnerId owner) {
        return lock + ":undone:" + owner;
    }

    /** The key that tells a former holder that an operator ended its grant. */
    String forced() {
        return lock + ":forced";
    }

    /** The channel of the wake-ups. */
    String channel() {
        return lock + ":free";
    }
}
