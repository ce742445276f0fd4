// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LossReason;
import io.interlock.redis.LockProtocol.Renewal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The answers to one renewal, and what follows from them. No I/O and no clock. Confined to one thread at a time.
 *
 * <p>It counts only if a majority has renewed before the validity from before it is over: after that, others may have come
 * in at the nodes that answer last.
 */
final class RedlockRenewal {
    /** What the answers mean so far. */
    enum Verdict {
        OPEN,
        RENEWED,
        LOST,
        /** Neither a majority that renewed, nor too many that have lost it. */
        UNKNOWN
    }

    private final Quorum quorum;
    private final long validUntil;
    private final Map<Integer, Renewal> answers = new HashMap<>();
    private final Set<Integer> failed = new HashSet<>();
    private Verdict verdict = Verdict.OPEN;
    private boolean tooLate;

    /**
     * No answers yet.
     *
     * @param validUntil the end of validity as it was before
     */
    RedlockRenewal(Quorum quorum, long validUntil) {
        this.quorum = quorum;
        this.validUntil = validUntil;
    }

    Verdict verdict() {
        return verdict;
    }

    boolean isDecided() {
        return verdict != Verdict.OPEN;
    }

    void answered(int node, Renewal answer, long now) {
        if (failed.contains(node) || answers.putIfAbsent(node, answer) != null || isDecided()) {
            return;
        }
        tooLate = now - validUntil >= 0;
        if (quorum.isMajority(count(Renewal.RENEWED))) {
            verdict = tooLate ? Verdict.LOST : Verdict.RENEWED;
        } else if (quorum.isPrevented(answers.size() - count(Renewal.RENEWED))) {
            verdict = Verdict.LOST;
        } else {
            decideIfAllAreIn();
        }
    }

    void failed(int node) {
        if (!answers.containsKey(node) && failed.add(node)) {
            decideIfAllAreIn();
        }
    }

    /** Nothing is waited for any more. */
    void timeIsUp() {
        if (!isDecided()) {
            verdict = Verdict.UNKNOWN;
        }
    }

    /** Why the grant is lost. */
    LossReason reason() {
        if (count(Renewal.FORCED) > 0) {
            return LossReason.FORCED;
        }
        if (tooLate) {
            return LossReason.EXPIRED;
        }
        if (quorum.isMajority(count(Renewal.TAKEN))) {
            return LossReason.TAKEN;
        }
        return quorum.isMajority(count(Renewal.GONE)) ? LossReason.DELETED : LossReason.QUORUM_LOST;
    }

    private void decideIfAllAreIn() {
        if (!isDecided() && answers.size() + failed.size() == quorum.nodes()) {
            verdict = Verdict.UNKNOWN;
        }
    }

    private int count(Renewal wanted) {
        return (int) answers.values().stream().filter(wanted::equals).count();
    }
}
