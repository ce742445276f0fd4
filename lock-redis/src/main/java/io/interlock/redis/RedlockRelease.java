// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.ReleaseOutcome;
import java.util.HashMap;
import java.util.Map;

/** The answers to one release, and what they say of the grant. No I/O. Confined to one thread at a time. */
final class RedlockRelease {
    private final Quorum quorum;
    private final Map<Integer, ReleaseOutcome> answers = new HashMap<>();

    RedlockRelease(Quorum quorum) {
        this.quorum = quorum;
    }

    /** A node's answer; {@code UNKNOWN} if it gave none, or could not tell. */
    void answered(int node, ReleaseOutcome answer) {
        answers.putIfAbsent(node, answer);
    }

    boolean isDecided() {
        return outcome() != ReleaseOutcome.UNKNOWN || answers.size() == quorum.nodes();
    }

    /** What a majority says: that it has just let the grant go, or that the grant could not have had a majority. */
    ReleaseOutcome outcome() {
        if (quorum.isMajority(count(ReleaseOutcome.RELEASED))) {
            return ReleaseOutcome.RELEASED;
        }
        return quorum.isPrevented(count(ReleaseOutcome.NOT_HELD)) ? ReleaseOutcome.NOT_HELD : ReleaseOutcome.UNKNOWN;
    }

    private int count(ReleaseOutcome wanted) {
        return (int) answers.values().stream().filter(wanted::equals).count();
    }
}
