// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

/**
 * A request of a client to the store, as a {@link WireFormat} read it. Immutable.
 *
 * @param kind what the lock wants with it
 * @param text the command in words, for messages
 * @param length bytes that it takes on the wire
 */
public record Command(Kind kind, String text, int length) {
    /** What the lock wants with a command. */
    public enum Kind {
        /** Sees who has the lock, before an {@link #ACQUIRE} or an {@link #UNDO} that is sent only if it must be. */
        LOOK,
        /** Takes the lock if it is free, or a place in its queue. */
        ACQUIRE,
        /** Gives the lock back. */
        RELEASE,
        /** Prolongs the lease. */
        RENEW,
        /** Takes back an acquire whose outcome is unknown. */
        UNDO,
        /** Asks to be told of a release: a subscription or a watch. */
        WATCH,
        /** Anything else. */
        OTHER
    }

    /**
     * Whether this is one of a kind.
     *
     * @param wanted the kind
     * @return whether it is
     */
    public boolean is(Kind wanted) {
        return kind == wanted;
    }
}
