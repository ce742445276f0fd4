// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

/** How many nodes answered a question, and how. Confined to one thread at a time. */
final class RedlockTally {
    private final Quorum quorum;
    private int yes;
    private int no;
    private int failed;

    RedlockTally(Quorum quorum) {
        this.quorum = quorum;
    }

    void answered(boolean answer) {
        if (answer) {
            yes++;
        } else {
            no++;
        }
    }

    void failed() {
        failed++;
    }

    boolean isComplete() {
        return yes + no + failed == quorum.nodes();
    }

    boolean isAnsweredByAll() {
        return yes + no == quorum.nodes();
    }

    boolean isAnsweredByMajority() {
        return quorum.isMajority(yes + no);
    }

    boolean hasYes() {
        return yes > 0;
    }
}
