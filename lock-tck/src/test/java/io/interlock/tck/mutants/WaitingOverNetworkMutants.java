// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.toy.ToyFault;
import java.util.List;

/** What the rules of §4 must catch: waiting, over a network with faults. */
final class WaitingOverNetworkMutants {
    private WaitingOverNetworkMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                                33,
                                "subscribes after the check and does not check again",
                                ToyFault.NO_LOOK_AFTER_SUBSCRIBING,
                                "4.02")
                        .breakingAlso("4.03"), // now and then
                Mutant.of(0, "waiter dies with its connection", ToyFault.WAITER_DIES_WITH_CONNECTION, "4.17", "4.18"));
    }
}
