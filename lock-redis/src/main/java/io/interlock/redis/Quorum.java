// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

/**
 * How many of several independent nodes must agree. Immutable.
 *
 * @param nodes how many there are
 * @param majority how many are enough; any two majorities share a node
 */
record Quorum(int nodes, int majority) {
    static Quorum of(int nodes) {
        return new Quorum(nodes, nodes / 2 + 1);
    }

    boolean isMajority(int agreeing) {
        return agreeing >= majority;
    }

    /** Whether so many that don't agree leave too few for a majority. */
    boolean isPrevented(int others) {
        return nodes - others < majority;
    }
}
