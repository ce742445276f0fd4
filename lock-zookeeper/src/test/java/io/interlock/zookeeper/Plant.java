// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

/** An error planted in the simulated protocol of tokens; a simulation that does not find it proves nothing. */
enum Plant {
    /** Ours, as it is. */
    NONE,
    /** The pair is set whatever became of our node, and over whatever stands there. */
    UNGUARDED_RAISE,
    /** The pair is read before the list that shows us first. */
    READ_BEFORE_LIST,
    /** After the wait only the list is made anew: the pair is the one that was read when we queued. */
    PAIR_FROM_BEFORE_THE_WAIT,
    /** A pair that is anchored behind us is counted from all the same. */
    NO_STALE_ABORT,
    /** The token is handed out before the raise is confirmed. */
    RAISE_NOT_CONFIRMED,
    /** The first token of an empty node is handed out, and nothing is written down. */
    NO_RAISE_OF_AN_EMPTY_NODE,
    /** An empty node starts at nought instead of at the clock. */
    EMPTY_NODE_STARTS_AT_NOUGHT,
    /** The distance of two sequences does not know that they wrap. */
    DISTANCE_WITHOUT_WRAP,
    /** The line is sorted as text. */
    TEXT_ORDER,
    /** The line is sorted by number, without knowing that they wrap. */
    NUMBER_ORDER,
    /** Who is woken by its predecessor's end takes itself for the first. */
    GRANT_WITHOUT_ANOTHER_LOOK,
    /** A release deletes the node first and sets the pair then. */
    PAIR_AFTER_DELETE,
    /** A release sets the pair first, over whatever stands there, and deletes the node then. */
    RELEASE_WITHOUT_VERSION,
    /** A raise is anchored at the next sequence. */
    ANCHOR_ONE_TOO_HIGH,
    /** Each contender has one token, and takes sixteen. */
    BLOCKS_OVERLAP,
    /** A release writes the client's own clock down, which is hours ahead. */
    RELEASE_BY_OWN_CLOCK
}
