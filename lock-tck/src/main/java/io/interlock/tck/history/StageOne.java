// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.RuleId;
import io.interlock.tck.history.Finding.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be seen by comparing grants one with the next, in O(n log n): overlaps, and the order of tokens. */
final class StageOne {
    static final RuleId OVERLAP = new RuleId(14, 1);
    static final RuleId TOKENS = new RuleId(14, 2);

    private final LockHistory lock;
    private final Sentences words;
    private final List<Violation> found = new ArrayList<>();
    private final Set<Hold> repeated = new HashSet<>();

    private StageOne(LockHistory lock, Sentences words) {
        this.lock = lock;
        this.words = words;
    }

    static List<Violation> check(LockHistory lock, Sentences words) {
        var stage = new StageOne(lock, words);
        stage.overlaps();
        stage.repeatedTokens();
        stage.orderOfTokens();
        return stage.found;
    }

    private void overlaps() {
        Hold longest = null; // of those so far, the one that was relied on longest
        List<Hold> within = new ArrayList<>();
        for (Hold hold : lock.holds()) {
            if (hold.definiteEnd() <= hold.grantedAt()) {
                continue;
            }
            if (longest != null && hold.grantedAt() < longest.definiteEnd()) {
                within.add(hold);
            }
            if (longest == null || hold.definiteEnd() > longest.definiteEnd()) {
                overlap(longest, within);
                within.clear();
                longest = hold;
            }
        }
        overlap(longest, within);
    }

    /** One finding for all that held it while one did: a lost release would otherwise be told a hundred times. */
    private void overlap(@Nullable Hold first, List<Hold> within) {
        if (first == null || within.isEmpty()) {
            return;
        }
        Hold second = within.get(0);
        List<HistoryEvent> events = new ArrayList<>();
        within.forEach(hold -> events.addAll(hold.events()));
        events.addAll(first.events());
        violation(
                OVERLAP,
                who(second) + " held it " + words.definiteHold(second) + " while " + who(first) + " held it "
                        + words.definiteHold(first)
                        + (within.size() == 1 ? "" : "; so did " + (within.size() - 1) + " more in that time"),
                events);
    }

    private static String who(Hold hold) {
        return hold.process() + Sentences.token(hold.token());
    }

    private void repeatedTokens() {
        Map<Long, Hold> seen = new HashMap<>();
        for (Hold hold : lock.holds()) {
            if (hold.token().isEmpty()) {
                continue;
            }
            Hold former = seen.putIfAbsent(hold.token().getAsLong(), hold);
            if (former != null) {
                violation(
                        TOKENS,
                        "token " + hold.token().getAsLong() + " was given twice, to " + former.process() + " at "
                                + words.at(former.grantedAt()) + " and to " + hold.process() + " at "
                                + words.at(hold.grantedAt()),
                        events(former, hold));
                repeated.add(hold);
            }
        }
    }

    private void orderOfTokens() {
        List<Hold> byCall = new ArrayList<>(lock.holds());
        byCall.sort(Comparator.comparingLong(hold -> hold.acquisition().calledAt()));
        var told = new PriorityQueue<Hold>(Comparator.comparingLong(Hold::grantedAt));
        Hold highest = null; // of the grants that were told before the call began
        for (Hold hold : byCall) {
            if (hold.token().isEmpty() || repeated.contains(hold)) {
                continue;
            }
            while (!told.isEmpty()
                    && told.peek().grantedAt() < hold.acquisition().calledAt()) {
                Hold before = told.remove();
                highest = highest == null || token(before) > token(highest) ? before : highest;
            }
            if (highest != null && token(highest) > token(hold)) {
                wentBack(highest, hold);
            }
            told.add(hold);
        }
    }

    private void wentBack(Hold before, Hold hold) {
        violation(
                TOKENS,
                "tokens went back: " + hold.process() + " asked at "
                        + words.at(hold.acquisition().calledAt()) + " and got token " + token(hold) + ", though "
                        + before.process() + " had been given " + token(before) + " at "
                        + words.at(before.grantedAt()),
                events(before, hold));
    }

    private static long token(Hold hold) {
        return hold.token().orElseThrow();
    }

    private static List<HistoryEvent> events(Hold first, Hold second) {
        List<HistoryEvent> events = new ArrayList<>(second.events());
        events.addAll(first.events());
        return events;
    }

    private void violation(RuleId rule, String what, List<HistoryEvent> events) {
        found.add(new Violation(rule, rule + " lock '" + lock.name() + "': " + what, List.copyOf(events)));
    }
}
