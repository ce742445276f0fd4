// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.redis.LockProtocol.Renewal;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One Redis server, as far as one lock is concerned: what the scripts do, on a clock of its own. A test compares it with a
 * real one. Confined to one thread.
 */
final class SimulatedNode {
    private final RedlockPlant plant;
    private final long dayMicros;
    private final Map<OwnerId, Long> tombstones = new HashMap<>(); // when they die
    private @Nullable OwnerId owner;
    private long token;
    private long expires;
    private OptionalLong fence = OptionalLong.empty();
    private long fenceDies;
    private long now;

    /**
     * Empty.
     *
     * @param dayMicros what a fence outlives its value by
     */
    SimulatedNode(RedlockPlant plant, long dayMicros) {
        this.plant = plant;
        this.dayMicros = dayMicros;
    }

    /** Lets the server's clock show this, and what is over go. */
    void at(long micros) {
        now = micros;
        if (owner != null && expires <= now) {
            owner = null;
        }
        if (fence.isPresent() && fenceDies <= now) {
            fence = OptionalLong.empty();
        }
    }

    Optional<OwnerId> owner() {
        return Optional.ofNullable(owner);
    }

    OptionalLong fence() {
        return fence;
    }

    /** {@code acquire.lua}; the candidate if granted. */
    OptionalLong acquire(OwnerId id, Duration lease, int tokens) {
        if (tombstones.getOrDefault(id, now) > now) {
            return OptionalLong.empty();
        }
        if (owner == null) {
            long floor = plant == RedlockPlant.NO_TIME_FLOOR ? 1 : now;
            token = Math.max(fence.orElse(0) + 1, floor);
            raise(token + tokens - 1);
            owner = id;
        }
        if (!owner.equals(id)) {
            return OptionalLong.empty();
        }
        expires = now + micros(lease);
        return OptionalLong.of(token);
    }

    /** {@code redlock-confirm.lua}. */
    boolean confirm(OwnerId id, long candidate, long wanted, long end) {
        boolean stands = id.equals(owner) && (token == candidate || token == wanted);
        if (!stands && plant != RedlockPlant.CONFIRM_WITHOUT_OWNERSHIP_CHECK) {
            return false;
        }
        if (fence.orElse(0) < end) {
            raise(end);
        }
        if (id.equals(owner)) {
            token = wanted;
        }
        return true;
    }

    /** {@code renew.lua}. */
    Renewal renew(OwnerId id, Duration lease) {
        if (owner == null && plant == RedlockPlant.RENEWAL_MAKES_THE_KEY_AGAIN) {
            owner = id;
        }
        if (!id.equals(owner)) {
            return owner == null ? Renewal.GONE : Renewal.TAKEN;
        }
        expires = now + micros(lease);
        return Renewal.RENEWED;
    }

    /** {@code release.lua}. */
    boolean release(OwnerId id) {
        boolean ours = id.equals(owner);
        if (ours || plant == RedlockPlant.RELEASE_WITHOUT_OWNERSHIP_CHECK) {
            owner = null;
        }
        return ours;
    }

    /** {@code undo.lua}. */
    void undo(OwnerId id, Duration lease) {
        release(id);
        if (plant != RedlockPlant.UNDO_WITHOUT_TOMBSTONE) {
            tombstones.put(id, now + micros(lease));
        }
    }

    /** As an operator does. */
    void delete() {
        owner = null;
    }

    /** As a fence that other grants have left. */
    void setFence(long value) {
        raise(value);
    }

    /** A restart without data. */
    void lose() {
        owner = null;
        fence = OptionalLong.empty();
        tombstones.clear();
    }

    private void raise(long value) {
        fence = OptionalLong.of(value);
        boolean relative = plant == RedlockPlant.FENCE_WITH_RELATIVE_EXPIRY;
        fenceDies = (relative ? now : Math.max(value, now - dayMicros + 1)) + dayMicros;
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }
}
