// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.OwnerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sees every grant of a simulation, and whether it keeps what redlock promises. Confined to one thread. */
final class RedlockJudge {
    private final boolean exclusion;
    private final Quorum quorum;
    private final List<Grant> grants = new ArrayList<>();
    private final Set<SimulatedRedlockClient> holders = new HashSet<>();
    private final Map<OwnerId, Set<Integer>> confirmed = new HashMap<>();
    private final Set<OwnerId> excused = new HashSet<>();
    private final Set<OwnerId> cameTwice = new HashSet<>();
    private Optional<String> violation = Optional.empty();

    /** A lease as its client got it. */
    private record Grant(long at, long first, long last) {}

    RedlockJudge(boolean exclusion, Quorum quorum) {
        this.exclusion = exclusion;
        this.quorum = quorum;
    }

    /** A node has confirmed, whether or not anybody hears of it. */
    void confirmed(OwnerId owner, int node) {
        confirmed.computeIfAbsent(owner, id -> new HashSet<>()).add(node);
    }

    /** Whoever had the lock then has lost it without his knowing. */
    void operatorDeletes() {
        confirmed.forEach((owner, nodes) -> {
            if (quorum.isMajority(nodes.size())) {
                excused.add(owner);
            }
        });
    }

    /** A request that was delivered twice may take a key after its release: then it is the network's, not ours. */
    void cameTwice(OwnerId owner) {
        cameTwice.add(owner);
    }

    void granted(SimulatedRedlockClient client, long began, long now, long first, int tokens) {
        var grant = new Grant(now, first, first + tokens - 1);
        for (Grant other : grants) {
            boolean before = other.at() < began;
            if (before && grant.first() <= other.last()) {
                violated("token " + grant.first() + " was granted after " + other.last());
            } else if (grant.first() <= other.last() && other.first() <= grant.last()) {
                violated("token " + grant.first() + " is in the block from " + other.first());
            }
        }
        grants.add(grant);
        holders.add(client);
        holds(client);
    }

    /** Whoever holds must be the only one who may think so. */
    void holds(SimulatedRedlockClient client) {
        if (!exclusion || excused.contains(client.owner()) || !client.isValid()) {
            return;
        }
        for (var other : holders) {
            if (other != client && other.isValid() && !excused.contains(other.owner())) {
                violated("two holders");
            }
        }
    }

    void ended(SimulatedRedlockClient client) {
        holders.remove(client);
    }

    /** An entry after the end of the schedule, where all clients have left. */
    void leftOver(OwnerId owner) {
        if (!cameTwice.contains(owner)) {
            violated("a key was left");
        }
    }

    private void violated(String what) {
        violation = violation.or(() -> Optional.of(what));
    }

    Optional<String> violation() {
        return violation;
    }

    int grants() {
        return grants.size();
    }
}
