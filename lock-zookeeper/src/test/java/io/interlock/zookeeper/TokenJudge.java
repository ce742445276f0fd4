// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sees every grant of a simulation, and whether it keeps what tokens promise. Confined to one thread. */
final class TokenJudge {
    private final SimulatedEnsemble ensemble;
    private final List<SimulatedContender> holders = new ArrayList<>();
    private final Map<String, long[]> births = new HashMap<>();
    private long lastOfAllBlocks = -1;
    private int grants;
    private Optional<String> violation = Optional.empty();

    TokenJudge(SimulatedEnsemble ensemble) {
        this.ensemble = ensemble;
    }

    /** Notes when nodes were made, which their makers are told. */
    void notice() {
        ensemble.latest()
                .children()
                .forEach((name, node) -> births.putIfAbsent(name, new long[] {node.ctimeMillis(), ensemble.micros()}));
    }

    long ctimeMillis(String name) {
        return births.get(name)[0];
    }

    long createdMicros(String name) {
        return births.get(name)[1];
    }

    /**
     * A token was handed out. Its node may be gone by then, by an administrator's hand: such a holder has lost before it
     * began, but its token must not stand in the way of later ones.
     */
    void granted(SimulatedContender holder, String name, long token) {
        boolean lives = ensemble.latest().children().containsKey(name);
        if (lives) {
            grants++;
            if (token <= lastOfAllBlocks) {
                violated("token " + token + " after " + lastOfAllBlocks);
            }
            holders.stream().filter(SimulatedContender::isHolding).findFirst().ifPresent(other -> {
                if (other != holder) {
                    violated("two holders");
                }
            });
            holders.add(holder);
        }
        lastOfAllBlocks = Math.max(lastOfAllBlocks, token + TokenRule.BLOCK - 1);
    }

    void released(SimulatedContender holder) {
        holders.remove(holder);
    }

    private void violated(String what) {
        violation = violation.or(() -> Optional.of(what));
    }

    Optional<String> violation() {
        return violation;
    }

    int grants() {
        return grants;
    }
}
