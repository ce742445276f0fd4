// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The rule of fencing tokens: {@code value + BLOCK · uint32(sequence − anchor)}, with value and anchor from the lock's
 * node. No I/O, so that a simulation can drive it; see docs/adr/0012 for why it holds.
 */
final class TokenRule {
    /**
     * How many tokens each contender's block has. Frozen: two clients that count in different blocks would give tokens
     * in the wrong order.
     */
    static final int BLOCK = 16;

    /** How far a token may lag behind the clock that made the contender's node before the pair is raised. */
    private static final long MAX_LAG_MICROS = TimeUnit.SECONDS.toMicros(1);

    private TokenRule() {}

    /** What the first in line is to do. */
    sealed interface Verdict {
        /** Somebody behind us has raised the pair: he held the lock, so our node was gone. Undo. */
        record Stale() implements Verdict {}

        /** The token is sure. */
        record Ready(long token) implements Verdict {}

        /** The pair must be set to this first, in one transaction with a check of our own node. */
        record Raise(Fence fence) implements Verdict {
            long token() {
                return fence.value();
            }
        }
    }

    /**
     * For the contender that a list showed to be first in line.
     *
     * @param fence what the lock's node said, read after that list
     * @param sequence of the contender's node
     * @param ctimeMillis when its node was made, by the ensemble's clock
     */
    static Verdict atGrant(Optional<Fence> fence, int sequence, long ctimeMillis) {
        long floor = TimeUnit.MILLISECONDS.toMicros(ctimeMillis);
        if (fence.isEmpty()) {
            return new Verdict.Raise(new Fence(floor, sequence));
        }
        int ahead = sequence - fence.get().anchor();
        if (ahead < 0) {
            return new Verdict.Stale();
        }
        long token = token(fence.get(), sequence);
        return token < floor - MAX_LAG_MICROS
                ? new Verdict.Raise(new Fence(floor, sequence))
                : new Verdict.Ready(token);
    }

    /**
     * The pair that a holder leaves behind.
     *
     * @param token of its grant
     * @param sequence of its node
     * @param micros not later than the ensemble's clock, in microseconds since 1970
     */
    static Fence atRelease(long token, int sequence, long micros) {
        return new Fence(Math.max(token, micros), sequence);
    }

    /**
     * The pair that an operator leaves behind who ends a grant by force: still within the grant's own block of tokens,
     * and as no holder leaves it, so that the former holder can tell.
     */
    static Fence byForce(long token, int sequence) {
        return new Fence(token + 1, sequence);
    }

    /** Whether a grant was ended by force; true no longer than until the next holder sets the pair. */
    static boolean wasForced(Fence fence, long token, int sequence) {
        return fence.equals(byForce(token, sequence));
    }

    /** The token of a contender that is not stale. */
    static long token(Fence fence, int sequence) {
        return fence.value() + BLOCK * Integer.toUnsignedLong(sequence - fence.anchor());
    }
}
