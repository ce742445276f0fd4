// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The votes on one acquisition, and what follows from them. Confined to one thread at a time.
 *
 * <p>In the first round nodes grant, each with a candidate for the fencing token; the largest among the first majority is
 * the token. In the second round the nodes that granted raise their fences over it; a majority must confirm that. No I/O
 * and no clock, so that a simulation can drive it; see docs/adr/0018 for why it holds.
 */
final class RedlockBallot {
    /** What the votes mean so far. */
    enum Verdict {
        /** Too few have answered. */
        OPEN,
        /** A majority has granted: the second round. */
        CONFIRM,
        /** Ours. */
        GRANTED,
        /** A majority has answered, and not in our favour. */
        REFUSED,
        /** Too few nodes answer for a majority of any kind. */
        UNAVAILABLE,
        /** A majority has confirmed, when the lease was used up. */
        SPENT
    }

    /** What became of one node's vote. */
    private enum Vote {
        GRANTED,
        CONFIRMED,
        /** Another's, or the grant was gone when it was to be confirmed. */
        AGAINST,
        /** Nothing of ours can be at the node. */
        ABSENT,
        /** It may have granted without our knowing. */
        UNSURE
    }

    private final Quorum quorum;
    private final long validUntil;
    private final @Nullable Vote[] votes; // null: not yet known
    private final long[] candidates;
    private final String[] servers; // empty: has not granted
    private final Set<Integer> electors = new TreeSet<>(); // those that granted before the second round
    private final Set<Integer> asked = new TreeSet<>(); // to confirm
    private Verdict verdict = Verdict.OPEN;
    private long token;

    /**
     * No votes yet.
     *
     * @param validUntil the end of validity, counted from before the first request
     */
    RedlockBallot(Quorum quorum, long validUntil) {
        this.quorum = quorum;
        this.validUntil = validUntil;
        votes = new Vote[quorum.nodes()];
        candidates = new long[quorum.nodes()];
        servers = new String[quorum.nodes()];
        Arrays.fill(servers, "");
    }

    Verdict verdict() {
        return verdict;
    }

    boolean isDecided() {
        return verdict != Verdict.OPEN && verdict != Verdict.CONFIRM;
    }

    /** The first of the block, once a majority has granted. */
    long token() {
        return token;
    }

    long candidate(int node) {
        return candidates[node];
    }

    /**
     * A node has granted.
     *
     * @param server what the node says it is: two addresses of one server have one vote
     */
    void granted(int node, String server, long candidate) {
        boolean known = votes[node] != null && votes[node] != Vote.UNSURE;
        if (known || hasGranted(node)) {
            return;
        }
        if (Arrays.asList(servers).contains(server)) {
            votes[node] = Vote.ABSENT;
        } else {
            votes[node] = Vote.GRANTED;
            servers[node] = server;
            candidates[node] = candidate;
            beginSecondRound();
        }
        decide();
    }

    private void beginSecondRound() {
        if (verdict != Verdict.OPEN || !quorum.isMajority(count(Vote.GRANTED))) {
            return;
        }
        verdict = Verdict.CONFIRM;
        for (int node = 0; node < votes.length; node++) {
            if (hasGranted(node)) {
                electors.add(node);
                token = Math.max(token, candidates[node]);
            }
        }
    }

    /** A node has the lock down as another's, or knows that this id was undone. */
    void refused(int node) {
        note(node, Vote.AGAINST);
    }

    /**
     * A node did not answer, or its answer does not count.
     *
     * @param mayHold whether it may have granted, or may do so yet
     */
    void failed(int node, boolean mayHold) {
        note(node, mayHold ? Vote.UNSURE : Vote.ABSENT);
    }

    /** A node has raised its fence over the token. */
    void confirmed(int node, long now) {
        // one that granted late may have a larger candidate, and then proves nothing of what was there before it
        if (votes[node] == Vote.GRANTED && electors.contains(node)) {
            votes[node] = Vote.CONFIRMED;
        }
        if (verdict == Verdict.CONFIRM && quorum.isMajority(count(Vote.CONFIRMED))) {
            verdict = now - validUntil < 0 ? Verdict.GRANTED : Verdict.SPENT;
        }
    }

    /** At a node the grant was gone when it was to be confirmed. */
    void unconfirmed(int node) {
        lose(node, Vote.AGAINST);
    }

    /** A node that granted did not answer in the second round. */
    void confirmFailed(int node) {
        lose(node, Vote.UNSURE);
    }

    /** The time of the first round is over; a second one that has begun goes on. */
    void firstRoundIsOver() {
        if (verdict == Verdict.OPEN) {
            timeIsUp();
        }
    }

    /** Nothing is waited for any more. */
    void timeIsUp() {
        if (isDecided()) {
            return;
        }
        for (int node = 0; node < votes.length; node++) {
            boolean unconfirmed = votes[node] == Vote.GRANTED && verdict == Verdict.CONFIRM;
            if (votes[node] == null || unconfirmed) {
                votes[node] = Vote.UNSURE;
            }
        }
        decide();
    }

    /**
     * The nodes that are to be asked to confirm now, each once. A late one is asked, too, though it does not count: so its
     * entry tells the token of the grant, like the others.
     */
    List<Integer> toConfirm() {
        if (verdict != Verdict.CONFIRM && verdict != Verdict.GRANTED) {
            return List.of();
        }
        var now = new ArrayList<Integer>();
        for (int node = 0; node < votes.length; node++) {
            if (votes[node] == Vote.GRANTED && asked.add(node)) {
                now.add(node);
            }
        }
        return now;
    }

    /** Whether any node is known to have granted. */
    boolean hasVotes() {
        return Arrays.stream(servers).anyMatch(server -> !server.isEmpty());
    }

    /** Where something of ours may be, and where something may come yet: what is to be given back. */
    Set<Integer> mayHold() {
        var nodes = new TreeSet<Integer>();
        for (int node = 0; node < votes.length; node++) {
            boolean clean = votes[node] == Vote.AGAINST || votes[node] == Vote.ABSENT;
            if (!clean || hasGranted(node)) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    /** Whether the request may still be on its way to a node, so that giving back must block its id. */
    boolean mayComeLate(int node) {
        return !hasGranted(node) && votes[node] != Vote.AGAINST && votes[node] != Vote.ABSENT;
    }

    private boolean hasGranted(int node) {
        return !servers[node].isEmpty();
    }

    private void note(int node, Vote vote) {
        if (votes[node] == null) {
            votes[node] = vote;
            decide();
        }
    }

    private void lose(int node, Vote vote) {
        if (votes[node] == Vote.GRANTED) {
            votes[node] = vote;
            decide();
        }
    }

    private void decide() {
        if (isDecided() || quorum.isMajority(inFavour())) {
            return;
        }
        int absent = count(Vote.ABSENT) + count(Vote.UNSURE);
        if (quorum.isPrevented(absent)) {
            verdict = Verdict.UNAVAILABLE;
        } else if (quorum.isMajority(quorum.nodes() - absent - count(null))) {
            verdict = Verdict.REFUSED;
        }
    }

    /** How many nodes are for us, or may be yet. */
    private int inFavour() {
        int nodes = 0;
        for (int node = 0; node < votes.length; node++) {
            boolean may = votes[node] == null || votes[node] == Vote.GRANTED || votes[node] == Vote.CONFIRMED;
            if (may && (verdict == Verdict.OPEN || electors.contains(node))) {
                nodes++;
            }
        }
        return nodes;
    }

    private int count(@Nullable Vote wanted) {
        int nodes = 0;
        for (Vote vote : votes) {
            nodes += vote == wanted ? 1 : 0;
        }
        return nodes;
    }
}
