// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.HolderInfo;
import io.interlock.spi.OwnerId;
import org.jspecify.annotations.Nullable;

/** A held lock. */
final class MemoryEntry {
    final OwnerId owner;
    final @Nullable MemoryGrant grant; // null: somebody outside
    final HolderInfo holder;
    long expiresAt; // guarded by the store's lock

    MemoryEntry(OwnerId owner, @Nullable MemoryGrant grant, HolderInfo holder, long expiresAt) {
        this.owner = owner;
        this.grant = grant;
        this.holder = holder;
        this.expiresAt = expiresAt;
    }
}
