// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.toy.ToyFault;
import java.util.List;

/** What the rules of §6 must catch: loss, over a network with faults. */
final class LossOverNetworkMutants {
    private LossOverNetworkMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(0, "held until the store denies it", ToyFault.HELD_UNTIL_STORE_DENIES, "6.05")
                        .breakingAlso("6.04", "6.06"), // the end of validity is theirs too
                Mutant.of(0, "a store out of reach is told as an expiry", ToyFault.UNANSWERED_CALLED_EXPIRED, "6.11"));
    }
}
