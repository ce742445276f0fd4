// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.LossReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An entry, and those who wait for it in order of arrival. */
final class MemoryLine {
    @Nullable
    MemoryEntry entry; // guarded by the store's lock, as the queue

    final List<MemoryContender> queue = new ArrayList<>();

    boolean isEmpty() {
        return entry == null && queue.isEmpty();
    }

    void free(List<Runnable> after) {
        entry = null;
        wakeHead(after);
    }

    void wakeHead(List<Runnable> after) {
        if (!queue.isEmpty()) {
            after.add(queue.get(0).wakeUp());
        }
    }

    void tellHolder(LossReason reason, List<Runnable> after) {
        MemoryGrant grant = entry == null ? null : entry.grant;
        if (grant != null) {
            after.add(() -> grant.tellLost(reason));
        }
    }

    MemoryStore.Answer held(long now, Duration otherwise) {
        return entry == null
                ? new MemoryStore.Answer.Held(
                        otherwise, Optional.empty()) // somebody stands before us and will be served first
                : new MemoryStore.Answer.Held(Duration.ofNanos(entry.expiresAt - now), Optional.of(entry.holder));
    }
}
